import { shardRanges } from '#numerics/ranges.ts';
import { Panel, RankBadge } from '#ui/components/Panel.tsx';
import { type OrderFound, order } from '../chapters/order.ts';
import look from './order.module.css';
import { Computing } from './ProductPicture.tsx';
import { isAsked, useChapter } from './useChapter.ts';

/** Y three times: which cells have other bits than the unsplit product, and one cell to the last bit. */
export function OrderPicture() {
  const { phase, given, before, found } = useChapter(order);
  if (!isAsked(phase) || given === null || before === null) return <Computing />;
  const { n } = given.params;
  const index = found?.index ?? 0;
  const cell = `Y[${Math.floor(index / n)}, ${index % n}]`;
  const reference = before.values[index] ?? 0;
  return (
    <Panel title={`One cell to the last bit: ${cell}`} hint="and below it, all cells of Y">
      <div className={`stack gap-2 pad ${look['bits']}`}>
        <Row label="One rank" value={reference} reference={reference} who={[0]} />
        <Row
          label="By columns"
          value={found?.column.values[index] ?? null}
          reference={reference}
          who={found === null ? [] : ownerOf(given.params, index % n)}
        />
        <Row
          label="By rows"
          value={found?.row.values[index] ?? null}
          reference={reference}
          who={found?.order ?? []}
        />
      </div>
      <div className={`stack gap-4 pad-foot ${look['maps']}`}>
        <CellMap title="By columns" columns={n} before={before.values} compared={found?.column ?? null} />
        <CellMap title="By rows" columns={n} before={before.values} compared={found?.row ?? null} />
      </div>
    </Panel>
  );
}

/** The rank whose columns of Y have that one. */
function ownerOf({ ranks, n }: { readonly ranks: number; readonly n: number }, column: number): number[] {
  return shardRanges(n, ranks).flatMap(({ start, end }, rank) =>
    column >= start && column < end ? [rank] : [],
  );
}

interface RowProps {
  readonly label: string;
  /** Null before the ranks have run it. */
  readonly value: number | null;
  readonly reference: number;
  /** The ranks that added, in order. */
  readonly who: readonly number[];
}

function Row({ label, value, reference, who }: RowProps) {
  const own = value === null ? null : bitsOf(value);
  const other = bitsOf(reference);
  return (
    <section aria-label={label}>
      <h3>
        {label}
        <span className={look['who']}>
          {who.map((rank, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: each rank adds once, in this order
            <span key={i}>
              {i > 0 && '+'}
              <RankBadge rank={rank} />
            </span>
          ))}
        </span>
      </h3>
      <p className="num">
        {value === null ? '?' : value.toPrecision(9).replace('-', '−')}
        <span
          className={look['word']}
          role="img"
          aria-label={own === null ? 'not computed yet' : differing(own, other)}
        >
          {[...(own ?? '?'.repeat(32))].map((bit, i) => (
            <i
              // biome-ignore lint/suspicious/noArrayIndexKey: a bit is known by its place
              key={i}
              data-part={i === 0 ? 'sign' : i < 9 ? 'exponent' : 'fraction'}
              data-other={own !== null && bit !== other[i] ? '' : undefined}
            >
              {bit}
            </i>
          ))}
        </span>
      </p>
    </section>
  );
}

interface MapProps {
  readonly title: string;
  readonly columns: number;
  readonly before: Float32Array;
  readonly compared: OrderFound['row'] | null;
}

function CellMap({ title, columns, before, compared }: MapProps) {
  const total = before.length;
  const same = compared === null ? '?' : total - compared.differing;
  return (
    <figure>
      <figcaption>
        {title}: <b className="num">{same}</b> of {total} cells have the same bits
      </figcaption>
      <div
        className={look['cells']}
        style={{ gridTemplateColumns: `repeat(${columns}, 1fr)` }}
        aria-hidden="true"
      >
        {Array.from(before, (value, i) => (
          <i
            // biome-ignore lint/suspicious/noArrayIndexKey: a cell is known by its place
            key={i}
            data-state={compared === null ? 'open' : compared.values[i] === value ? 'same' : 'other'}
          >
            {compared === null ? '' : compared.values[i] === value ? '=' : '≠'}
          </i>
        ))}
      </div>
    </figure>
  );
}

function bitsOf(value: number): string {
  const [word = 0] = new Uint32Array(Float32Array.of(value).buffer);
  return word.toString(2).padStart(32, '0');
}

function differing(a: string, b: string): string {
  const count = [...a].filter((bit, i) => bit !== b[i]).length;
  return count === 0
    ? 'all 32 bits are those of one rank'
    : `${count} of 32 bits are others than those of one rank`;
}
