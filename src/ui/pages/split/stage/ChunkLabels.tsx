import type { Progress } from '#lab/split/timeline.ts';
import type { SplitPlan } from '#program/splitPlan.ts';
import type { Axis, ShardSpan } from './axis.ts';
import { type ChunkState, labelHeights, outlineOf } from './chunks.ts';
import type { Plate } from './layout.ts';
import { charWidth, chunkPitch, chunksLeft } from './measure.ts';
import css from './stage.module.css';

interface ChunkLabelsProps {
  readonly plan: SplitPlan;
  readonly plate: Plate;
  /** Pixels of a word. */
  readonly label: number;
  readonly chunks: readonly ChunkState[];
  readonly progress: Progress;
}

/** Beside Y while the ring turns: where each chunk is, and how far its sum has come. */
export function ChunkLabels({ plan, plate, label, chunks, progress }: ChunkLabelsProps) {
  const { collective, config } = plan;
  if (collective === null || progress.ringSteps === 0) return null;
  if (chunks.every(({ holders }) => holders.length === config.worldSize)) return null;
  const sums = collective.kind === 'all_reduce';
  const filled = chunks.filter(
    ({ chunk }) => collective.chunks[chunk]?.start !== collective.chunks[chunk]?.end,
  );
  const pitch = chunkPitch(label);
  const left = chunksLeft(plate, config.worldSize, label);
  const perElement = plate.rows.extent / collective.length;
  const heights = labelHeights(
    filled.map(({ chunk }) => {
      const range = collective.chunks[chunk];
      return range === undefined ? 0 : ((range.start + range.end) / 2) * perElement;
    }),
    pitch,
    plate.rows.extent - pitch / 2,
  );
  return (
    <>
      {sums && (
        <svg
          className={css['overlay']}
          width={plate.cols.extent}
          height={plate.rows.extent}
          aria-hidden="true"
        >
          {filled.map(({ chunk, carrier, complete }) => (
            <path
              key={chunk}
              className={complete ? css['chunk-summed'] : css['chunk-partial']}
              data-rank={carrier}
              d={outlineOf(collective.chunks[chunk] ?? { start: 0, end: 0 }, plate.rows, plate.cols)}
            />
          ))}
        </svg>
      )}
      {filled.map(({ chunk, carrier, terms, complete, holders }, i) => (
        <span key={chunk} className={css['chunk-label']} style={{ top: heights[i], left }}>
          c{chunk}
          {(complete ? holders : [carrier]).map((rank) => (
            <b key={rank} data-rank={rank}>
              {rank}
            </b>
          ))}
          {!complete && ` ${terms}/${config.worldSize}`}
        </span>
      ))}
    </>
  );
}

/** "rank 0", and a little room; where there is less, the rank's number alone. */
const WORD = 7;

/** The ranks along a cut side of a matrix. */
export function ShardLabels({
  axis,
  side,
  label,
}: {
  readonly axis: Axis;
  readonly side: 'top' | 'left';
  /** Pixels of a word. */
  readonly label: number;
}) {
  const least = side === 'top' ? charWidth(label) + 1 : 0.8 * label;
  const shown: ShardSpan[] = [];
  for (const shard of axis.shards) {
    const before = shown.at(-1);
    // Of numbers that would stand in each other every other one is left out: the colours say the rest.
    const isApart = before === undefined || middleOf(shard) - middleOf(before) >= least;
    if (shard.size > 0 && isApart) shown.push(shard);
  }
  return shown.map(({ rank, at, size }) => {
    const style = side === 'top' ? { left: at, width: size } : { top: at, height: size };
    return (
      <span key={rank} className={css[`shard-${side}`]} data-rank={rank} style={style}>
        <i>{side === 'top' && size >= WORD * charWidth(label) ? `rank ${rank}` : rank}</i>
      </span>
    );
  });
}

function middleOf({ at, size }: ShardSpan): number {
  return at + size / 2;
}
