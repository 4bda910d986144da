/**
 * The two ways to cut y = x·Wᵀ + b over the ranks, and what it is in one piece. W is stored `[out, in]`, as in PyTorch.
 * Shoeybi et al. 2019 (Megatron-LM), section 3.
 */

import { type Cut, rangeOf } from './cuts.ts';
import type { Made } from './lifted.ts';
import type { ProgramBuilder } from './ProgramBuilder.ts';
import { partial, sharded, type Value } from './program.ts';

/** A weight `name.weight` `[out, in]`, perhaps with a bias `name.bias` `[out]`. */
export interface LinearWeights {
  readonly name: string;
  /** "Wq" */
  readonly label: string;
  readonly out: number;
  readonly in: number;
  readonly bias?: boolean;
  /** Default: b, and the label without its W. */
  readonly biasLabel?: string;
}

/** x `[M, in]` → `[M, out]`, the same on every rank that has x. */
export function linear(b: ProgramBuilder, made: Made, x: Value, weights: LinearWeights): Value {
  const { name, label, out, in: width } = weights;
  const w = b.weight(`${name}.weight`, { label, shape: [out, width] });
  const bias = weights.bias
    ? b.weight(`${name}.bias`, { label: biasLabel(weights), shape: [out] })
    : undefined;
  return b.linear(made, x, w, bias);
}

/** W cut along `out`: x `[M, in]`, whole → a rank's columns of y `[M, out/p]`. Nothing is summed, nothing sent. */
export function columnSplit(b: ProgramBuilder, made: Made, x: Value, weights: LinearWeights, by: Cut): Value {
  const { name, label, out, in: width } = weights;
  const cut = { dim: 0, by } as const;
  const w = b.weight(`${name}.weight`, { label, shape: [out, width], cut }); // [out/p, in]
  const bias = weights.bias
    ? b.weight(`${name}.bias`, { label: biasLabel(weights), shape: [out], cut }) // [out/p]
    : undefined;
  return b.linear(made, x, w, bias);
}

/**
 * W cut along `in`: a rank's columns of x `[M, in/p]` → a term of y `[M, out]`, to be summed. The bias waits for the
 * sum, else there would be p of it: {@link biasAfterSum}.
 */
export function rowSplit(b: ProgramBuilder, made: Made, x: Value, weights: LinearWeights, by: Cut): Value {
  return b.linear(made, x, rowSplitWeight(b, weights, by));
}

/** A rank's columns of the stored W `[out, in/p]`. */
export function rowSplitWeight(b: ProgramBuilder, weights: LinearWeights, by: Cut): Value {
  const { name, label, out, in: width } = weights;
  return b.weight(`${name}.weight`, { label, shape: [out, width], cut: { dim: 1, by } });
}

/**
 * A row split as many tutorials have it: the bias on every rank, and so p of it in the sum. The builder refuses it unless
 * it is told that the result is a partial; it is here to be shown.
 */
export function rowSplitWithBias(
  b: ProgramBuilder,
  id: string,
  x: Value,
  weights: LinearWeights,
  by: Cut,
): Value {
  const w = rowSplitWeight(b, weights, by);
  const bias = weights.bias
    ? b.weight(`${weights.name}.bias`, { label: biasLabel(weights), shape: [weights.out] })
    : undefined;
  return b.linear({ id, placement: partial }, x, w, bias);
}

/** sum + b `[out]`, once, on every rank; the sum itself where there is no bias. */
export function biasAfterSum(b: ProgramBuilder, made: Made, sum: Value, weights: LinearWeights): Value {
  if (!weights.bias) return sum;
  b.stage('bias', 'after the sum, once');
  const bias = b.weight(`${weights.name}.bias`, { label: biasLabel(weights), shape: [weights.out] });
  return b.add(made, sum, bias);
}

/** x `[M, in]`, whole → a rank's columns of it `[M, in/p]`, as a row split wants them. */
export function ownColumns(b: ProgramBuilder, x: Value, by: Cut): Value {
  b.stage('own columns', 'a copy, no communication');
  const made = { id: `${x.id} own`, label: x.label, placement: sharded(1), cut: by };
  return b.columns(
    made,
    x,
    ({ rank }) => rangeOf(by, rank).start,
    ({ rank }) => rangeOf(by, rank).end,
  );
}

function biasLabel({ biasLabel = 'b' }: LinearWeights): string {
  return biasLabel;
}
