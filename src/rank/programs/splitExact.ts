/** The unsplit result of a split plan, in float64. */

import { fillBlock } from '../../numerics/matrix.ts';
import { type Exact, exactLinear, exactly } from '../../numerics/oracle.ts';
import { lengthOf, type Range } from '../../numerics/ranges.ts';
import type { SplitPlan } from '../../program/splitPlan.ts';
import type { SplitInputs } from './splitInputs.ts';

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
