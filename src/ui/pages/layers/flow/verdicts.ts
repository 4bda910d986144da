/** Where the run was not as planned, by step: the picture marks the step, and lists the numbers. */

import type { PictureRun } from '#lab/layers/run.ts';
import { type PlannedStep, sequenceOf } from '#program/plan.ts';

export interface Parting {
  /** Null where a rank did more than was planned. */
  readonly step: PlannedStep | null;
  readonly rank: number;
  readonly text: string;
}

export function partingsOf({ plan, verdict }: Pick<PictureRun, 'plan' | 'verdict'>): Parting[] {
  return verdict.steps.map(({ rank, at, planned, measured }) => ({
    step: sequenceOf(plan, rank)[at]?.step ?? null,
    rank,
    text: `predicted ${planned ?? 'nothing'}, measured ${measured ?? 'nothing'}`,
  }));
}

/** "x·Wqᵀ on rank 1: predicted …, measured …" */
export function partingText({ step, rank, text }: Parting): string {
  const what = step === null ? 'after the last step' : step.kind === 'op' ? step.label : step.collective;
  return `${what} on rank ${rank}: ${text}`;
}

/** The ranks on which each step was not as planned, by the step's id. */
export function partedRanks(partings: readonly Parting[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const { step, rank } of partings) {
    if (step !== null) found.set(step.id, [...(found.get(step.id) ?? []), rank]);
  }
  return found;
}
