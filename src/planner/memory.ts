/** What the fullest GPU of a layout holds. */

import { type Layout, sharesExperts } from './layout.ts';
import { type CountedModel, cacheElements, headsOf, layerCount, type Weight } from './model/parts.ts';
import type { Question } from './question.ts';

/** 1e9 bytes of the fullest GPU. */
export interface Memory {
  readonly weights: number;
  readonly cache: number;
  readonly activations: number;
  /** What the runtime keeps, and what engines leave free. */
  readonly reserve: number;
  readonly total: number;
}

/** The context and the buffers of CUDA and NCCL: what `nvidia-smi` shows of a serving process that holds nothing yet. */
const RUNTIME_GB = 1.2;
/** vLLM's gpu_memory_utilization of 0.9. */
const FREE_SHARE = 0.1;
/** Tokens that pass together at most in prefill, as serving engines chunk them. */
export const CHUNK = 8192;

export function memoryOf({ model, machine, load }: Question, layout: Layout): Memory {
  const { gpu } = machine;
  const { tensor, data } = layout;
  const sequences = Math.ceil(load.sequences / data);
  const weights = weightBytesOf(model, layout) / 1e9;
  const cache = (sequences * cacheBytesOf(model, layout, load.cacheBytes, load.prompt + load.answer)) / 1e9;
  // Four buffers as wide as the model, and of each sequence a row of logits in float32.
  const wide = CHUNK * model.hidden * 2 * 4;
  const activations = (wide + (4 * model.vocab * Math.min(sequences, 256)) / tensor) / 1e9;
  const reserve = RUNTIME_GB + FREE_SHARE * gpu.memoryGB;
  return { weights, cache, activations, reserve, total: weights + cache + activations + reserve };
}

/** Of the fullest stage: where layers do not divide, it has one more. */
function stageShare(model: CountedModel, { pipeline }: Layout): number {
  return Math.ceil(layerCount(model) / pipeline) / layerCount(model);
}

export function weightBytesOf(model: CountedModel, layout: Layout): number {
  const { tensor, pipeline } = layout;
  const kvCut = kvCutOf(model, tensor);
  const cutOf = ({ cut }: Weight): number => {
    if (cut === 'copied') return 1;
    if (cut === 'experts') return sharesExperts(layout) ? layout.expert : tensor;
    return cut === 'kv' ? kvCut : tensor;
  };
  const held = (weight: Weight): number => weight.bytes / cutOf(weight);
  const stage = stageShare(model, layout);
  const inLayers = model.layers.reduce(
    (total, { count, weights }) => total + stage * count * weights.reduce((sum, one) => sum + held(one), 0),
    0,
  );
  // Of several stages the first has the embedding and the last the head.
  const ends = model.outside
    .filter(({ module }) => module !== 'lm_head' || !model.tied || pipeline > 1)
    .map(held);
  return inLayers + (pipeline === 1 ? ends.reduce((sum, one) => sum + one, 0) : Math.max(...ends));
}

/** Of one sequence of so many tokens, on the fullest GPU. Layers that slide keep their window alone. */
export function cacheBytesOf(
  model: CountedModel,
  layout: Layout,
  bytesOfNumber: number,
  tokens: number,
): number {
  const kvCut = kvCutOf(model, layout.tensor);
  return (
    model.layers.reduce(
      (total, { count, attention, window }) =>
        total + count * cacheElements(attention) * Math.min(tokens, window ?? tokens),
      0,
    ) *
    ((stageShare(model, layout) * bytesOfNumber) / kvCut)
  );
}

/** Key/value heads are copied where there are more ranks; a latent vector is on every rank. */
function kvCutOf(model: CountedModel, tensor: number): number {
  const { latent, kvHeads } = headsOf(model);
  return latent ? 1 : Math.min(tensor, kvHeads);
}

/** The tokens of a sequence for which there is room in `bytes`, as far as the model's positions go. */
export function longestIn(model: CountedModel, layout: Layout, bytesOfNumber: number, bytes: number): number {
  const fits = (tokens: number): boolean => cacheBytesOf(model, layout, bytesOfNumber, tokens) <= bytes;
  if (fits(model.maxPositions)) return model.maxPositions;
  let [least, most] = [0, model.maxPositions];
  while (most - least > 1) {
    const middle = Math.floor((least + most) / 2);
    if (fits(middle)) least = middle;
    else most = middle;
  }
  return least;
}
