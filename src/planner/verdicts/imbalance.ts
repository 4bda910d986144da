/** What uneven shares waste, in a sentence. */

import { lengthOf, shardRanges } from '../../numerics/ranges.ts';
import { type CutSize, grouped } from './cutSizes.ts';

/** Of what is dealt out as evenly as it goes. */
export function shareRemarks(cut: CutSize, p: number): string[] {
  return imbalance(cut, shardRanges(cut.size, p).map(lengthOf));
}

/** Nothing where the fullest rank has at most a twentieth more than its even share. */
export function imbalance({ what, size }: CutSize, shares: readonly number[]): string[] {
  const most = Math.max(...shares);
  const least = Math.min(...shares);
  const idle = shares.filter((share) => share === 0).length;
  if (idle > 0)
    return [
      `${idle} of ${shares.length} ranks ${idle === 1 ? 'holds' : 'hold'} none of the ${grouped(size)} ${what}`,
    ];
  if (most * shares.length <= 1.05 * size) return [];
  return [`some ranks hold ${grouped(most)} of the ${grouped(size)} ${what}, others ${grouped(least)}`];
}
