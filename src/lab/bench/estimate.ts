/** What a benchmark is going to take, before it runs. */

import { casesOf, groupKey } from '../../bench/cases.ts';
import type { BenchOptions } from '../../bench/options.ts';

/** Of starting the workers and devices of a group, and of preparing and checking a case: of a small laptop, in ms. */
const LAUNCH_MS = 800;
const CASE_MS = 120;

export interface Estimate {
  readonly cases: number;
  readonly ms: number;
}

/** At least so long: cases that take longer than a tenth of the budget have their ten samples all the same. */
export function estimateOf(options: BenchOptions): Estimate {
  const cases = casesOf(options);
  const groups = new Set(cases.map(groupKey)).size;
  return { cases: cases.length, ms: cases.length * (options.budgetMs + CASE_MS) + groups * LAUNCH_MS };
}
