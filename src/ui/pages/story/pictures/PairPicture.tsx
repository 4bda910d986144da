import type { PairCut } from '#program/cutPair.ts';
import { Panel, ScrollRegion } from '#ui/components/Panel.tsx';
import { formatBytes, formatError } from '#ui/format.ts';
import { type PairGiven, pair } from '../chapters/pair.ts';
import { Computing } from './ProductPicture.tsx';
import look from './pair.module.css';
import css from './picture.module.css';
import { useChapter } from './useChapter.ts';

/** The two weights with their cuts, and what the ranks had to send for each pair of cuts. */
export function PairPicture() {
  const { given, answer, found } = useChapter(pair);
  if (given === null) return <Computing />;
  const { sizes } = given;
  const first = cutOf(answer['first']);
  const second = cutOf(answer['second']);
  return (
    <Panel title="X·A = H, then H·B = Y" hint="each colour is the shard of a rank">
      <svg
        className={look['cuts']}
        viewBox="0 0 640 190"
        role="img"
        aria-label={`A cut ${spoken(first)}, B cut ${spoken(second)}`}
      >
        <Weight x={16} y={34} name="X" rows={sizes.m} cols={sizes.k} cut={null} ranks={sizes.worldSize} />
        <text className={css['sign']} x={132} y={84}>
          ·
        </text>
        <Weight x={152} y={34} name="A" rows={sizes.k} cols={sizes.n} cut={first} ranks={sizes.worldSize} />
        <text className={css['sign']} x={330} y={84}>
          ·
        </text>
        <Weight x={352} y={34} name="B" rows={sizes.n} cols={sizes.k} cut={second} ranks={sizes.worldSize} />
        <text className={css['sign']} x={470} y={84}>
          =
        </text>
        <Weight x={496} y={34} name="Y" rows={sizes.m} cols={sizes.k} cut={null} ranks={sizes.worldSize} />
      </svg>
      <ScrollRegion label="All pairs of cuts">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">A, B</th>
              <th scope="col">Collectives that ran</th>
              <th scope="col">Sent by a rank</th>
              <th scope="col">Largest error</th>
            </tr>
          </thead>
          <tbody>
            {pairs(given).map(([a, b]) => {
              const run = found?.find(({ config }) => config.first === a && config.second === b);
              return (
                <tr key={`${a} ${b}`} data-chosen={a === first && b === second ? '' : undefined}>
                  <td>
                    by {a}, by {b}
                  </td>
                  <td>{run === undefined ? '?' : run.ran.map(named).join(' + ')}</td>
                  <td className="num">{run === undefined ? '?' : formatBytes(run.bytesSent)}</td>
                  <td className="num">
                    {run === undefined
                      ? '?'
                      : `${run.check.pass ? '✓' : '✗'} ${formatError(run.check.maxAbsError)}`}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollRegion>
      {found !== null && (
        <p className={css['note']}>
          {found.every(({ planned, ran }) => planned.join() === ran.join())
            ? 'The plan of each pair had the very collectives that the ranks ran.'
            : 'The ranks ran other collectives than planned: that is a bug of this page.'}{' '}
          Every Y was held against float64.
        </p>
      )}
    </Panel>
  );
}

const CUTS: readonly PairCut[] = ['columns', 'rows'];

function pairs(_: PairGiven): [PairCut, PairCut][] {
  return CUTS.flatMap((a) => CUTS.map((b): [PairCut, PairCut] => [a, b]));
}

function cutOf(answer: unknown): PairCut | null {
  return answer === 'columns' || answer === 'rows' ? answer : null;
}

function spoken(cut: PairCut | null): string {
  return cut === null ? 'not yet' : `by ${cut}`;
}

function named(kind: string): string {
  return kind.replace('_', '-');
}

interface WeightProps {
  readonly x: number;
  readonly y: number;
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
  /** Null: whole. */
  readonly cut: PairCut | null;
  readonly ranks: number;
}

/** Pixels a row and a column take at least. */
const UNIT = 4;

function Weight({ x, y, name, rows, cols, cut, ranks }: WeightProps) {
  const [width, height] = [UNIT * cols, UNIT * rows];
  return (
    <g transform={`translate(${x} ${y})`}>
      <text className={look['name']} y={-10}>
        {name}
      </text>
      {cut === null ? (
        <rect className={look['whole']} width={width} height={height} rx="3" />
      ) : (
        Array.from({ length: ranks }, (_, rank) => {
          const [w, h] = cut === 'columns' ? [width / ranks, height] : [width, height / ranks];
          const [left, top] = cut === 'columns' ? [rank * w, 0] : [0, rank * h];
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rank is its index
            <g key={rank} data-rank={rank} transform={`translate(${left} ${top})`}>
              <rect className={look['shard']} width={w - 2} height={h - 2} rx="2" />
              <text className={look['of-rank']} x={w / 2 - 1} y={h / 2 + 3.5} textAnchor="middle">
                {rank}
              </text>
            </g>
          );
        })
      )}
    </g>
  );
}
