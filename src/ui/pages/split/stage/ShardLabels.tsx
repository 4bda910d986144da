import type { Axis } from './axis.ts';
import css from './stage.module.css';

/** A label with its word from this many pixels on; below, the rank's number alone. */
const WORD_WIDTH = 46;

/** The ranks along a cut side of a matrix. */
export function ShardLabels({ axis, side }: { readonly axis: Axis; readonly side: 'top' | 'left' }) {
  const shards = axis.shards.filter(({ size }) => size > 0);
  return shards.map(({ rank, at, size }) => {
    const style = side === 'top' ? { left: at, width: size } : { top: at, height: size };
    return (
      <span key={rank} className={css[`shard-${side}`]} data-rank={rank} style={style}>
        {side === 'top' && size >= WORD_WIDTH ? `rank ${rank}` : rank}
      </span>
    );
  });
}
