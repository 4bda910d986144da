/** What one number of ranks means for a model: who runs it, and what each rank holds and sends. */

import { type Degree, type DegreeVerdict, degreesOf } from '#models/degrees.ts';
import { type ModelOptions, modelCost } from '#models/modelPlan.ts';
import type { ModelConfig } from '#program/modelConfig.ts';

export interface DegreeRow extends Degree {
  /** Of the rank with the least and of the one with the most. */
  readonly weightBytes: readonly [least: number, most: number];
  readonly kvBytesPerToken: readonly [least: number, most: number];
  /** What the rank that sends the most sends while one token is generated. */
  readonly wireBytes: number;
}

export type MlaCache = NonNullable<ModelOptions['mlaCache']>;

/** Those that machines have, and a few that they have not. */
export const USUAL_DEGREES: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 24, 32, 48, 64];
export const ALL_DEGREES: readonly number[] = Array.from({ length: 64 }, (_, index) => index + 1);

/** Takes some milliseconds where there are many ranks. */
export function degreeRow(model: ModelConfig, p: number, mlaCache: MlaCache): DegreeRow {
  const [degree] = degreesOf(model, [p]);
  if (degree === undefined) throw new Error('one number of ranks has one degree');
  const { ranks } = modelCost(model, p, { tokens: 1, past: 0 }, { mlaCache });
  return {
    ...degree,
    weightBytes: extremes(ranks.map(({ weightBytes }) => weightBytes)),
    kvBytesPerToken: extremes(ranks.map(({ kvBytesPerToken }) => kvBytesPerToken)),
    wireBytes: Math.max(...ranks.map(({ wireBytesPerDecode }) => wireBytesPerDecode)),
  };
}

/** Whether a codebase runs it, refuses it, or is not made for the architecture. */
export function signOf({ ok }: DegreeVerdict): '✓' | '✗' | '–' {
  if (ok === null) return '–';
  return ok ? '✓' : '✗';
}

function extremes(values: readonly number[]): readonly [number, number] {
  return [Math.min(...values), Math.max(...values)];
}
