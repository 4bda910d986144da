/** The matrices of the Split page, each element a function of the seed and its position, so that none is ever whole; and their exact product. */

import { fillBlock } from '../../numerics/matrix.ts';
import { type Exact, exactLinear, exactly } from '../../numerics/oracle.ts';
import { hash32, uniform } from '../../numerics/random.ts';
import { lengthOf, type Range } from '../../numerics/ranges.ts';
import type { SplitPlan } from '../../program/splitPlan.ts';

export interface LinearInputs {
  /** Element of the stored weight `[out, in]`. */
  weight(out: number, input: number): number;
  bias(out: number): number;
}

export interface SplitInputs {
  /** Element of X `[M, K]`. */
  x(row: number, col: number): number;
  /** The layers of the plan, in order. */
  layers: readonly LinearInputs[];
}

/** Weights are scaled by 1/√in, so that the products stay near unit scale. */
function linearInputs(seed: number, inFeatures: number): LinearInputs {
  const weights = hash32(seed, 0);
  const biases = hash32(seed, 1);
  const scale = 1 / Math.sqrt(inFeatures);
  return {
    weight: (out, input) => Math.fround(uniform(weights, out * inFeatures + input) * scale),
    bias: (out) => uniform(biases, out),
  };
}

/** @param inFeatures of each layer; the first is K */
export function splitInputs(seed: number, inFeatures: readonly number[]): SplitInputs {
  const stream = hash32(seed, 0);
  const k = inFeatures[0] ?? 0;
  return {
    x: (row, col) => uniform(stream, row * k + col),
    layers: inFeatures.map((width, index) => linearInputs(hash32(seed, index + 1), width)),
  };
}

/** Rows × cols of Y as the unsplit layers give it, bias once. */
export function exactOutput(plan: SplitPlan, inputs: SplitInputs, rows: Range, cols: Range): Exact {
  const k = plan.products[0]?.inFeatures ?? 0;
  let value = exactly(lengthOf(rows), k, fillBlock({ rows, cols: { start: 0, end: k } }, inputs.x));
  for (const [i, product] of plan.products.entries()) {
    const layer = inputs.layers[i];
    if (layer === undefined) throw new Error('a product has its inputs');
    const outs = i === plan.products.length - 1 ? cols : { start: 0, end: product.outFeatures };
    const weightRow = (out: number, into: Float64Array): void => {
      for (let input = 0; input < into.length; input++) into[input] = layer.weight(out, input);
    };
    value = exactLinear(value, outs, weightRow, product.bias ? layer.bias : null);
  }
  return value;
}

/** The most roundings that one element of Y goes through: each layer's products, the sum over ranks, the bias. */
export function roundings(plan: SplitPlan): number {
  return plan.products.reduce((sum, product) => sum + product.inFeatures + 2, plan.config.worldSize);
}
