/** Numbers in the sentences of the story. */

import type { Fact } from '#lab/story/chapter.ts';
import { formatCount } from '#ui/format.ts';

/** 141 GB: decimal, as GPUs are sold. */
export function formatGB(bytes: number): string {
  const gb = bytes / 1e9;
  return `${gb >= 99.5 ? Math.round(gb).toLocaleString('en') : gb.toFixed(1)}\u00a0GB`;
}

/** 25.4 % */
export function formatShare(share: number): string {
  return `${(share * 100).toFixed(1)}\u00a0%`;
}

/** 25 %, and less than one as < 1 %. */
export function formatPercent(share: number): string {
  const percent = Math.round(share * 100);
  return `${percent === 0 && share > 0 ? '< 1' : percent}\u00a0%`;
}

/** 96 bytes: exact, since it is what was asked for. */
export function bytesWord(bytes: number): string {
  return `${formatCount(bytes)}\u00a0bytes`;
}

/** A count that was predicted, beside the one that was measured. */
export function countFact(
  label: string,
  guess: number,
  found: number,
  shown: (value: number) => string = formatCount,
): Fact {
  return { label, guess: shown(guess), found: shown(found), right: guess === found };
}
