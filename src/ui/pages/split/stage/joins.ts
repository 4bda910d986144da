/** What makes a pair: the columns of H that a rank has are the rows of B that it has, so nothing moves. Pixels, pure. */

import type { ShardSpan } from './axis.ts';
import type { Plate } from './layout.ts';
import { JOIN_STEP } from './measure.ts';

/** From a matrix to the line along its shard. */
const EDGE = 2;
/** Room for the ranks' numbers beside a cut side. */
const LABELS = 17;
const RADIUS = 5;

export interface Join {
  readonly rank: number;
  /** Along the shard of H, to the shard of B, and along it: an SVG path in the pixels of the figure. */
  readonly path: string;
}

/** None where nothing is cut, or B is drawn as stored, with what were its rows across. */
export function joinsOf(plates: readonly Plate[]): Join[] {
  const h = plates.find(({ kind, product }) => kind === 'product' && product === 0);
  const b = plates.find(({ kind, product }) => kind === 'weight' && product === 1);
  if (h === undefined || b === undefined || b.left < h.left + h.cols.extent) return [];
  const ranks = h.cols.shards.length;
  if (ranks < 2 || b.rows.shards.length === 0) return [];
  return h.cols.shards.flatMap(({ rank, at, size }): Join[] => {
    const to = b.rows.shards.find((shard) => shard.rank === rank);
    if (size === 0 || to === undefined) return [];
    const y = h.top - LABELS - EDGE - JOIN_STEP * (ranks - rank); // the first rank's lies highest
    const start = { x: h.left + at, y: h.top - EDGE, size };
    const along = `M${start.x} ${start.y}h${size}M${start.x + size / 2} ${start.y}V${y + RADIUS}`;
    const turn = `q0 ${-RADIUS} ${RADIUS} ${-RADIUS}`;
    return [{ rank, path: `${along}${turn}${intoRow(b, to, y, ranks)}` }];
  });
}

/** The first rank's line comes down farthest to the right, so that no two cross. */
function intoRow(b: Plate, { rank, at, size }: ShardSpan, y: number, ranks: number): string {
  const lane = b.left - LABELS - JOIN_STEP * (rank + 1) - (ranks > 4 ? 0 : 2);
  const edge = b.left - EDGE;
  const middle = b.top + at + size / 2;
  const down = Math.sign(middle - y) || 1;
  const bend = Math.min(RADIUS, Math.abs(middle - y) / 2);
  return (
    `H${lane - bend}q${bend} 0 ${bend} ${down * bend}V${middle - down * bend}` +
    `q0 ${down * bend} ${bend} ${down * bend}H${edge}M${edge} ${b.top + at}v${size}`
  );
}
