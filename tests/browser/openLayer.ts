/** A tested layer by its spec, behind one face. */

import type { Device, Tensor } from '../../src/device/device.ts';
import { lengthOf, type Range } from '../../src/numerics/ranges.ts';
import type { ParallelContext } from '../../src/parallel/context.ts';
import type { KVCache } from '../../src/parallel/KVCache.ts';
import { SpecLayer } from '../../src/parallel/layers.ts';
import { LayerNorm, RMSNorm } from '../../src/parallel/norms.ts';
import type { Inputs } from '../../src/parallel/RankPass.ts';
import type { Weights } from '../../src/parallel/weights.ts';
import { rangeOf } from '../../src/program/cuts.ts';
import { hasCache, type LayerSpec, moeOf } from '../../src/program/layers.ts';
import type { Value } from '../../src/program/program.ts';

export interface WholeTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Layers without a plan: nothing of them is parallel. */
export interface NormSpec {
  readonly layer: 'rms-norm' | 'layer-norm';
  readonly config: { readonly width: number; readonly epsilon: number };
}

export interface LayerCase {
  readonly spec: LayerSpec | NormSpec;
  /** Tokens of each pass; a cache goes on from one to the next. */
  readonly passes: readonly number[];
  /** What the cache holds; all tokens where left out. */
  readonly positions?: number;
  /** Of all passes: token ids or targets, where the layer takes some. */
  readonly ids: readonly number[];
  /** `[tokens, width]` of all passes; empty where the layer takes ids alone. */
  readonly x: Float32Array;
  readonly weights: Readonly<Record<string, WholeTensor>>;
}

export interface OpenLayer {
  load(weights: Weights): Promise<void>;
  /** The output of a pass over these tokens of the case; with sequence parallelism its rows of this rank's tokens. */
  forward(tokens: Range): Promise<Tensor>;
  readonly cache: KVCache | null;
  /** Tokens of the last pass that chose each expert; null without experts. */
  routing(): readonly number[] | null;
  free(): void;
}

/** @param positions the longest sequence */
export function openLayer(
  context: ParallelContext,
  { spec, x, ids, passes }: LayerCase,
  positions: number,
): OpenLayer {
  const { rank, device } = context;
  const given = passes.reduce((sum, count) => sum + count, 0);
  const width = x.length / given;
  const rows = ({ start, end }: Range): Tensor =>
    device.tensor(x.subarray(start * width, end * width), [end - start, width]);

  if (isNorm(spec)) {
    const norm = openNorm(device, spec);
    const forward = async (tokens: Range): Promise<Tensor> => {
      const input = rows(tokens);
      try {
        return norm.forward(input);
      } finally {
        device.free(input);
      }
    };
    const load = (weights: Weights): Promise<void> => norm.loadFrom(weights, 'norm');
    return { load, forward, cache: null, routing: () => null, free: () => norm.free() };
  }

  const layer = new SpecLayer(context, spec, hasCache(spec) ? positions : undefined);
  /** Rows, with sequence parallelism this rank's own; or ids, which have no second size. */
  const inputOf = ({ shapes, cut }: Value, tokens: Range): Inputs[string] => {
    if (shapes[rank]?.length === 1) return ids.slice(tokens.start, tokens.end);
    const { start, end } = cut === null ? { start: 0, end: lengthOf(tokens) } : rangeOf(cut, rank);
    return rows({ start: tokens.start + start, end: tokens.start + end });
  };
  return {
    load: (weights) => layer.load(weights),
    async forward(tokens) {
      const wanted = layer.program(lengthOf(tokens)).inputs;
      const inputs: Inputs = Object.fromEntries(wanted.map((input) => [input.id, inputOf(input, tokens)]));
      try {
        return await layer.run(inputs, lengthOf(tokens));
      } finally {
        for (const input of Object.values(inputs)) if ('shape' in input) device.free(input);
      }
    },
    cache: hasCache(spec) ? layer.cache : null,
    routing: () => (moeOf(spec) === null ? null : layer.routing),
    free: () => layer.free(),
  };
}

function openNorm(device: Device, { layer, config: { width, epsilon } }: NormSpec): RMSNorm | LayerNorm {
  return layer === 'rms-norm' ? new RMSNorm(device, width, epsilon) : new LayerNorm(device, width, epsilon);
}

function isNorm(spec: LayerCase['spec']): spec is NormSpec {
  return spec.layer === 'rms-norm' || spec.layer === 'layer-norm';
}
