/** What the ring panel says in words. */

import type { RingStep, SplitRun } from '#lab/split/run.ts';
import { formatFloat } from '#ui/format.ts';

/** Why nothing travels in this run; null where a ring turns. */
export function whyStill({ plan }: SplitRun): string | null {
  const { split, worldSize } = plan.config;
  if (worldSize === 1) return 'There is one rank, so nobody to send to: it holds all of Y by itself.';
  if (plan.collective !== null) return null;
  if (split === 'none') return 'Nothing travels: every rank computed all of Y for itself.';
  return 'Nothing travels: each rank keeps the columns of Y that it computed.';
}

/** The panel's line: one move of the step, as an example. */
export function exampleOf(step: RingStep | undefined, number: number): string {
  if (step === undefined) return 'step through it with the scrubber';
  const verb = step.phase === 'reduce-scatter' ? 'adds' : 'copies';
  return `step ${number}: rank ${step.rank} ${verb} chunk ${step.chunk} of rank ${step.from}`;
}

/** "0.41 → 1.62", of the chunk's first element; what was there before a copy does not matter. */
export function changeOf(step: RingStep, arrow = ' → '): string {
  const after = step.after[0];
  if (after === undefined) return 'empty';
  const before = step.before[0];
  if (step.phase === 'all-gather' || before === undefined) return `→ ${formatFloat(after, 3)}`;
  return `${formatFloat(before, 3)}${arrow}${formatFloat(after, 3)}`;
}
