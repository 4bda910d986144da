/** The layers of public/torch/benchmark.py as ours: the same configuration, weights and input, on one rank and the CPU. */

import type { BenchCase, LayerOp } from '../../src/math/bench/record.ts';
import type { AttentionConfig, MlpConfig, RopeConfig } from '../../src/math/plans/configs.ts';
import type { LayerSpec } from '../../src/math/plans/layers.ts';
import { buildLinear } from '../../src/rank/programs/bench/linearCase.ts';
import { buildLayer } from '../../src/rank/programs/layer/build.ts';
import { fanInOf, seededWeights } from '../../src/rank/programs/layer/numbers.ts';
import { runUnsplit } from '../../src/rank/programs/unsplit.ts';

/** One of MODELS. */
export interface Model extends Pick<AttentionConfig, 'hidden' | 'heads' | 'kvHeads' | 'headDim' | 'qkvBias'> {
  readonly intermediate: number;
  readonly vocab: number;
  readonly rope: RopeConfig;
  readonly normEpsilon: number;
}

export function configsOf(model: Model): { attention: AttentionConfig; mlp: MlpConfig } {
  const { hidden, intermediate, heads, kvHeads, headDim, rope, qkvBias, normEpsilon } = model;
  return {
    attention: { hidden, heads, kvHeads, headDim, rope, qkvBias, qkNorm: false, normEpsilon },
    mlp: { hidden, intermediate, activation: 'swiglu', bias: false, merged: false },
  };
}

export type LayerCase = BenchCase & { readonly op: LayerOp };

/** What our layer gives in the place of PyTorch's. */
export function ours(one: LayerCase, model: Model, seed: number): Promise<Float32Array> {
  const { op, shape } = one;
  const { m: tokens = 0, k = 0, past = 0 } = shape;
  const pass = { tokens, past };
  if (op === 'column_linear' || op === 'row_linear') {
    return runUnsplit((context) => buildLinear(context, op, one, seed), seededWeights(seed, k), pass);
  }
  const spec = specOf(op, model);
  const weights = seededWeights(seed, fanInOf(spec));
  return runUnsplit((context) => buildLayer(context, spec, seed, past + tokens), weights, pass);
}

export function specOf(op: 'mlp' | 'attention' | 'embedding' | 'block', model: Model): LayerSpec {
  const { attention, mlp } = configsOf(model);
  const { vocab, hidden, normEpsilon } = model;
  switch (op) {
    case 'mlp':
      return { layer: 'mlp', config: mlp };
    case 'attention':
      return { layer: 'attention', config: attention };
    case 'embedding':
      return { layer: 'embedding', config: { vocab, hidden } };
    case 'block': {
      const parts = { attention: { kind: 'attention', ...attention }, mlp: { kind: 'mlp', ...mlp } } as const;
      return { layer: 'block', config: { ...parts, normEpsilon, sequenceParallel: false } };
    }
    default:
      return op satisfies never;
  }
}
