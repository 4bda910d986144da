/** The stretches of a clock as bars on the screen. What is thinner than a pixel is drawn together. */

import type { Kind, LaneName, Stretch } from './stretch.ts';
import type { TimeView } from './timeAxis.ts';

export interface Bar {
  readonly rank: number;
  readonly lane: LaneName;
  readonly kind: Kind;
  readonly x: number;
  readonly width: number;
  readonly stretches: readonly Stretch[];
}

/** Bars are at least this wide. */
const LEAST = 1.5;
/** Neighbours of one kind that are this near and thin become one bar. */
const NEAR = 1;

/** In the order of the stretches: by rank, lane and time. */
export function barsOf(stretches: readonly Stretch[], view: TimeView, width: number): Bar[] {
  const perMs = width / (view.endMs - view.startMs);
  const bars: Bar[] = [];
  for (const stretch of stretches) {
    if (stretch.endMs < view.startMs || stretch.startMs > view.endMs) continue;
    const start = Math.max(0, (stretch.startMs - view.startMs) * perMs);
    const end = Math.min(width, (stretch.endMs - view.startMs) * perMs);
    const { kind, lane, span } = stretch;
    const last = bars.at(-1);
    const joins =
      last !== undefined &&
      last.rank === span.rank &&
      last.lane === lane &&
      last.kind === kind &&
      end - start < LEAST &&
      last.width < 8 * LEAST &&
      start - (last.x + last.width) < NEAR;
    if (joins) {
      const reach = Math.max(last.x + last.width, end);
      bars[bars.length - 1] = { ...last, width: reach - last.x, stretches: [...last.stretches, stretch] };
    } else {
      bars.push({
        rank: span.rank,
        lane,
        kind,
        x: start,
        width: Math.max(LEAST, end - start),
        stretches: [stretch],
      });
    }
  }
  return bars;
}

/** The bar under a pixel of a lane, with some grace for thin ones. */
export function barAt(bars: readonly Bar[], rank: number, lane: Bar['lane'], x: number): Bar | undefined {
  const grace = 3;
  const near = bars.filter(
    (bar) => bar.rank === rank && bar.lane === lane && x >= bar.x - grace && x <= bar.x + bar.width + grace,
  );
  const distance = (bar: Bar): number => Math.max(bar.x - x, x - bar.x - bar.width, 0);
  return near.sort((a, b) => distance(a) - distance(b))[0];
}
