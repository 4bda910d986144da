/** From bar to bar by key. */

import type { Bar } from './bars.ts';

/** Left and right along a lane; up and down to the nearest bar of the next lane that has one; −1 for other keys. */
export function indexAfterKey(bars: readonly Bar[], index: number, key: string): number {
  const bar = bars[index];
  switch (key) {
    case 'Home':
      return 0;
    case 'End':
      return bars.length - 1;
    case 'ArrowRight':
      return Math.min(bars.length - 1, index + 1);
    case 'ArrowLeft':
      return Math.max(0, index - 1);
    case 'ArrowDown':
    case 'ArrowUp': {
      if (bar === undefined) return 0;
      const isOther = (other: Bar): boolean => other.rank !== bar.rank || other.lane !== bar.lane;
      const found =
        key === 'ArrowDown' ? bars.slice(index).find(isOther) : bars.slice(0, index).findLast(isOther);
      if (found === undefined) return index;
      const lane = bars.filter((other) => other.rank === found.rank && other.lane === found.lane);
      const nearest = lane.reduce((a, b) => (Math.abs(b.x - bar.x) < Math.abs(a.x - bar.x) ? b : a));
      return bars.indexOf(nearest);
    }
    default:
      return -1;
  }
}
