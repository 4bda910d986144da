/** The layers of public/torch/benchmark.py as ours: the same sizes, weights and input, on one rank and the CPU. */

import { specOfCase } from '../../src/bench/cases.ts';
import type { BenchCase, LayerOp } from '../../src/bench/record.ts';
import { buildLinear } from '../../src/rank/programs/bench/linearCase.ts';
import { fanInOf, seededWeights } from '../../src/rank/programs/layer/numbers.ts';
import { SeededLayer } from '../../src/rank/programs/layer/SeededLayer.ts';
import { runUnsplit } from '../../src/rank/programs/unsplit.ts';

export type LayerCase = BenchCase & { readonly op: LayerOp };

/** What our layer gives in the place of PyTorch's. */
export function ours(one: LayerCase, seed: number): Promise<Float32Array> {
  const { op, shape } = one;
  const { m: tokens = 0, k = 0, past = 0 } = shape;
  const pass = { tokens, past };
  if (op === 'column_linear' || op === 'row_linear') {
    return runUnsplit((context) => buildLinear(context, op, one, seed), seededWeights(seed, k), pass);
  }
  const spec = specOfCase(op, shape);
  const weights = seededWeights(seed, fanInOf(spec));
  return runUnsplit((context) => new SeededLayer(context, spec, seed, past + tokens), weights, pass);
}
