/** What one number of ranks means for a model: who runs it, and what each rank holds and sends. */

import type { CountedModel } from '#planner/model/parts.ts';
import { type Share, type ShareOptions, shareOf } from '#planner/model/share.ts';
import { type Verdict, type VerdictOptions, type Verdicts, verdictsOf } from '#planner/verdicts/verdicts.ts';

export interface DegreeRow extends Share {
  readonly p: number;
  readonly verdicts: Verdicts;
}

export type DegreeOptions = ShareOptions & VerdictOptions;

/** Those that machines have, and a few that they have not. */
export const USUAL_DEGREES: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 24, 32, 48, 64];
export const ALL_DEGREES: readonly number[] = Array.from({ length: 64 }, (_, index) => index + 1);

export function degreeRow(model: CountedModel, p: number, options: DegreeOptions = {}): DegreeRow {
  return { p, verdicts: verdictsOf(model, p, options), ...shareOf(model, p, options) };
}

/** Whether a codebase runs it, refuses it, or is not made for the architecture. */
export function signOf({ ok }: Verdict): '✓' | '✗' | '–' {
  if (ok === null) return '–';
  return ok ? '✓' : '✗';
}
