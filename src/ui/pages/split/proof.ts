/** The verdict on a run in words: what was compared, how near it came, and what went wrong where it failed. */

import type { SplitRun } from '#lab/split/run.ts';
import { numberWord, timesWord } from '#ui/components/words.ts';
import { formatError, formatRatio } from '#ui/format.ts';
import type { Said } from '#ui/page/Lead.tsx';
import { hasBiasBug } from './words.ts';

export function proofOf({ verdict, plan }: Pick<SplitRun, 'verdict' | 'plan'>): Said {
  const { worldSize } = plan.config;
  const error = `largest error ${formatError(verdict.maxAbsError)} against float64`;
  const pass = verdict.pass && verdict.sameBits !== false;
  if (pass) {
    const near =
      verdict.maxAbsError === 0 ? '' : ` (${shareOfTolerance(verdict.worstRatio)} of the tolerance)`;
    return { pass, text: `Checked: ${error}${near}${bitsOf(verdict.sameBits, worldSize)}` };
  }
  const reasons = [
    ...(verdict.pass ? [] : [`${error}, ${formatRatio(verdict.worstRatio)} the tolerance`]),
    ...(verdict.sameBits === false ? ['the ranks do not hold the same bits'] : []),
  ];
  const cause = hasBiasBug(plan) ? `. The bias was added ${timesWord(worldSize)}` : '';
  return { pass, text: `Wrong: ${reasons.join(', and ')}${cause}` };
}

function bitsOf(sameBits: boolean | null, worldSize: number): string {
  if (worldSize === 1) return '';
  if (sameBits === null) return ', each rank holds columns of its own';
  return worldSize === 2
    ? ', both ranks hold the same bits'
    : `, all ${numberWord(worldSize)} ranks hold the same bits`;
}

/** "12 %", with a space that does not break. */
export function shareOfTolerance(ratio: number): string {
  const percent = ratio * 100;
  return percent < 1 ? 'under 1\u00a0%' : `${Math.round(percent)}\u00a0%`;
}
