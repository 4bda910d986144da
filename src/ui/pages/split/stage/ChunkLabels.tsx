import type { Progress } from '#lab/split/timeline.ts';
import type { SplitPlan } from '#program/splitPlan.ts';
import type { Axis } from './axis.ts';
import { type ChunkState, labelHeights, outlineOf } from './chunks.ts';
import { CHUNK_LABEL, type Plate } from './layout.ts';
import css from './stage.module.css';

interface ChunkLabelsProps {
  readonly plan: SplitPlan;
  readonly plate: Plate;
  readonly chunks: readonly ChunkState[];
  readonly progress: Progress;
}

/** Beside Y while the ring turns: where each chunk is, and how far its sum has come. */
export function ChunkLabels({ plan, plate, chunks, progress }: ChunkLabelsProps) {
  const { collective, config } = plan;
  if (collective === null || progress.ringSteps === 0) return null;
  if (chunks.every(({ holders }) => holders.length === config.worldSize)) return null;
  const sums = collective.kind === 'all_reduce';
  const filled = chunks.filter(
    ({ chunk }) => collective.chunks[chunk]?.start !== collective.chunks[chunk]?.end,
  );
  const perElement = plate.rows.extent / collective.length;
  const heights = labelHeights(
    filled.map(({ chunk }) => {
      const range = collective.chunks[chunk];
      return range === undefined ? 0 : ((range.start + range.end) / 2) * perElement;
    }),
    CHUNK_LABEL,
    plate.rows.extent - CHUNK_LABEL / 2,
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
        <span
          key={chunk}
          className={css['chunk-label']}
          style={{ top: heights[i], left: plate.cols.extent + 8 }}
        >
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

/** A label with its word from this many pixels on; below, the rank's number alone. */
const WORD_WIDTH = 46;

/** The ranks along a cut side of a matrix. */
export function ShardLabels({ axis, side }: { readonly axis: Axis; readonly side: 'top' | 'left' }) {
  const shards = axis.shards.filter(({ size }) => size > 0);
  return shards.map(({ rank, at, size }) => {
    const style = side === 'top' ? { left: at, width: size } : { top: at, height: size };
    return (
      <span key={rank} className={css[`shard-${side}`]} data-rank={rank} style={style}>
        <i>{side === 'top' && size >= WORD_WIDTH ? `rank ${rank}` : rank}</i>
      </span>
    );
  });
}
