import { totalBytes } from '#lab/model/facts.ts';
import type { Agreement } from '#lab/model/forced.ts';
import type { RankLoading, RankMemory } from '#lab/model/state.ts';
import type { ProductWeights } from '#program/packing.ts';
import { Legend } from '#ui/charts/Legend.tsx';
import { Disclosure } from '#ui/components/Fold.tsx';
import { Panel, RankBadge, ScrollRegion } from '#ui/components/Panel.tsx';
import { formatBytes } from '#ui/format.ts';
import { digits } from '#ui/units.ts';
import { readText } from '../lead/words.ts';
import { useModel } from '../useModel.ts';
import css from './numbers.module.css';

const PARTS = [
  { part: 'weights', label: 'weights' },
  { part: 'cache', label: 'KV cache' },
  { part: 'activations', label: 'activations' },
  { part: 'windows', label: 'windows of the ring' },
] as const satisfies readonly { part: keyof RankMemory; label: string }[];

/** On one device nothing goes from rank to rank. */
const SHARED_PARTS = PARTS.filter(({ part }) => part !== 'windows');

/** What each rank holds, on one scale. */
export function MemoryPanel() {
  const memory = useModel((state) => state.loaded?.memory ?? null);
  const packed = useModel((state) => state.loaded?.packed === true);
  const parts = useModel(({ loaded }) => (loaded?.placement === 'one-device' ? SHARED_PARTS : PARTS));
  const weights = useModel((state) => state.loaded?.weights ?? 'stored');
  const rounding = useModel((state) => state.loaded?.rounding ?? null);
  const loading = useModel((state) => (state.alive ? state.loading : null));
  const agreement = useModel((state) => state.loaded?.agreement ?? null);
  const onGpu = useModel((state) => state.loaded?.devices.some(({ keepsPacked }) => keepsPacked) === true);
  const most = Math.max(...(memory ?? []).map(totalBytes));
  const hint = hintOf(packed, onGpu ? weights : 'stored');
  return (
    <Panel title="Memory" hint={hint}>
      {memory === null ? (
        <p className="ink3 small pad-all">What each rank holds is drawn here once it has its weights.</p>
      ) : (
        <div className="stack one-column gap-2 pad-all">
          <Legend
            entries={parts.map(({ part, label }) => ({
              id: part,
              label,
              mark: <i data-memory={part} />,
            }))}
          />
          {memory.map((own, rank) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the index is the rank
            <MemoryBar key={rank} {...{ rank, parts, most }} memory={own} />
          ))}
          {rounding !== null && weights !== 'stored' && (
            <p className="ink3 small" data-part="rounding">
              Rounded to {BITS[weights]}, the weights of products differ from those that are stored by{' '}
              <b className="num">{digits(100 * rounding)} %</b>, in RMS over all ranks.{' '}
              <Choices agreement={agreement} />
            </p>
          )}
        </div>
      )}
      {memory !== null && loading !== null && (
        <Disclosure title="What was read for it">{() => <ReadTable loading={loading} />}</Disclosure>
      )}
    </Panel>
  );
}

function ReadTable({ loading }: { readonly loading: readonly RankLoading[] }) {
  return (
    <>
      <p className="ink3 small pad-all">{readText(loading)}</p>
      <ScrollRegion label="What each rank read of the weights">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">rank</th>
              <th scope="col">its shard, as stored</th>
              <th scope="col">read</th>
              <th scope="col">of that, kept in the browser</th>
            </tr>
          </thead>
          <tbody>
            {loading.map(({ shardBytes, bytes, keptBytes }, rank) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the index is the rank
              <tr key={rank}>
                <th scope="row">
                  <RankBadge rank={rank} />
                </th>
                <td className="num">{formatBytes(shardBytes)}</td>
                <td className="num">{formatBytes(bytes)}</td>
                <td className="num">{formatBytes(keptBytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </>
  );
}

/** What the rounding does to the words, by forced decoding. */
function Choices({ agreement }: { readonly agreement: Agreement | null }) {
  if (agreement === null)
    return (
      <>
        How many tokens they would have chosen too is told here once the stored weights have written the same
        text: switch to those and back.
      </>
    );
  const { same, of } = agreement;
  return (
    <>
      Forced to follow the text of the stored weights, they have the same first choice at{' '}
      <b className="num">
        {same} of {of}
      </b>{' '}
      tokens.
    </>
  );
}

const BITS = { q8: 'int8 in blocks of 32', q4: 'int4 in blocks of 32' } as const;

function hintOf(packed: boolean, weights: ProductWeights): string {
  const parts = [
    ...(weights === 'stored' ? [] : [`products in ${BITS[weights]}`]),
    ...(packed ? [weights === 'stored' ? '16-bit weights as stored' : 'other 16-bit weights as stored'] : []),
  ];
  return parts.length === 0
    ? 'of each rank, in float32'
    : `of each rank: ${parts.join(', ')}, the rest float32`;
}

interface MemoryBarProps {
  readonly rank: number;
  readonly parts: readonly (typeof PARTS)[number][];
  readonly memory: RankMemory;
  readonly most: number;
}

function MemoryBar({ rank, parts, memory, most }: MemoryBarProps) {
  const spoken = parts.map(({ part, label }) => `${label} ${formatBytes(memory[part])}`).join(', ');
  return (
    <div className={`stack middle gap-2 ${css['bar-row']}`} data-rank={rank}>
      <RankBadge rank={rank} />
      <div className="track" role="img" aria-label={`Rank ${rank}: ${spoken}`} title={spoken}>
        {parts.map(({ part }) => (
          <i key={part} data-memory={part} style={{ width: `${(100 * memory[part]) / most}%` }} />
        ))}
      </div>
      <span className="num">{formatBytes(totalBytes(memory))}</span>
    </div>
  );
}
