/** The matrices of the Split page: each element a function of the seed and its position, so that none is ever whole. */

import { hash32, uniform } from '../../numerics/random.ts';

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
