/** The gate of a mixture of experts: `Gate` in DeepSeek-V3's inference/model.py; arXiv:2412.19437, §2.1.2. */

import { operations, type SizesOf } from '../../operations/operations.ts';
import type { GateOptions, Operations } from '../device.ts';
import { maxOf, sumExpOf } from './rows.ts';
import type { Runner } from './runner.ts';

export function gateOperation(runner: Runner): Pick<Operations, 'gate'> {
  return {
    gate: (logits, options, bias) =>
      runner.compute('gate', operations.gate(logits, options, bias), [logits, bias], (sizes, y, xs, bs) =>
        gate(sizes, y, xs, bs, options),
      ),
  };
}

function gate(
  { t, e, size }: SizesOf<'gate'>,
  y: Float32Array, // [T, E]
  logits: Float32Array, // [T, E]
  bias: Float32Array | undefined, // [E]
  options: GateOptions,
): void {
  const { topK, groups, topGroups, normalize, routeScale } = options;
  for (let token = 0; token < t; token++) {
    const scores = scoresOf(logits, token * e, e, options.score);
    const biased = scores.map((score, expert) => score + (bias?.[expert] ?? 0));
    const members = Array.from({ length: groups }, (_, group) => range(group * size, size));
    const groupScores = members.map((experts) => groupScore(experts, biased, bias !== undefined));
    const allowed = best(range(0, groups), groupScores, topGroups).flatMap((group) => members[group] ?? []);
    const chosen = best(allowed, biased, topK);

    const total = chosen.reduce((sum, expert) => sum + (scores[expert] as number), 0);
    y.fill(0, token * e, (token + 1) * e);
    for (const expert of chosen) {
      y[token * e + expert] = ((scores[expert] as number) / (normalize ? total : 1)) * routeScale;
    }
  }
}

/** Rounded to float32, so that scores which tie on a GPU do so here. */
function scoresOf(logits: Float32Array, at: number, e: number, form: GateOptions['score']): Float32Array {
  const row = logits.subarray(at, at + e);
  if (form === 'sigmoid') return row.map((x) => 1 / (1 + Math.exp(-x)));
  const top = maxOf(logits, at, e);
  const sum = sumExpOf(logits, at, e, top);
  return row.map((x) => Math.exp(x - top) / sum);
}

/** The two best experts of the group together, or the best one alone where there is no bias, as DeepSeek has it. */
function groupScore(experts: readonly number[], biased: Float32Array, withBias: boolean): number {
  return best(experts, biased, withBias ? 2 : 1).reduce((sum, expert) => sum + (biased[expert] as number), 0);
}

/** Those `count` of `indices` that score highest, the lower index first where scores are equal. */
function best(indices: readonly number[], scores: ArrayLike<number>, count: number): number[] {
  const score = (index: number) => scores[index] as number;
  return indices.toSorted((a, b) => descending(score(a), score(b)) || a - b).slice(0, count);
}

/** Negative where `a` goes first: NaN is above all numbers, as in PyTorch's topk. */
function descending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  return a === b ? 0 : b - a; // of two equal infinities there is no difference
}

function range(start: number, length: number): number[] {
  return Array.from({ length }, (_, i) => start + i);
}
