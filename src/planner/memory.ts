/** What the fullest GPU of a layout holds. */

import { type Layout, sharesExperts } from './layout.ts';
import {
  type CountedModel,
  cacheElements,
  elementsOf,
  headsOf,
  layerCount,
  mapWeights,
  type Weight,
} from './model/parts.ts';
import type { Question } from './question.ts';

/** 1e9 bytes of the fullest GPU. */
export interface Memory {
  readonly weights: number;
  /** In training: gradients, and what the optimizer keeps. */
  readonly states: number;
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

export function memoryOf(question: Question, layout: Layout): Memory {
  const { model, machine, load } = question;
  const weights = weightBytesOf(model, layout) / 1e9;
  const reserve = RUNTIME_GB + FREE_SHARE * machine.gpu.memoryGB;
  const [states, cache, activations] =
    load.work === 'train' ? trainingGB(question, layout) : servingGB(question, layout);
  const total = weights + states + cache + activations + reserve;
  return { weights, states, cache, activations, reserve, total };
}

type Parts = readonly [states: number, cache: number, activations: number];

function servingGB({ model, load }: Question, layout: Layout): Parts {
  const { tensor, data } = layout;
  const sequences = Math.ceil(load.sequences / data);
  const cache = sequences * cacheBytesOf(model, layout, load.cacheBytes, load.prompt + load.answer);
  // Four buffers as wide as the model, and of each sequence a row of logits in float32.
  const wide = CHUNK * model.hidden * 2 * 4;
  return [0, cache / 1e9, (wide + (4 * model.vocab * Math.min(sequences, 256)) / tensor) / 1e9];
}

/**
 * As Megatron-LM trains: of each weight a gradient in bfloat16, and of Adam two means and a copy in float32, 12 bytes that
 * the copies of the model share out (its distributed optimizer, as ZeRO-1). Activations with sequence parallelism and
 * selective recomputation: 34·s·h/t bytes a layer and sequence; the first stage has as many sequences under way as there
 * are stages, each of a part of the layers. (Korthikanti et al., Reducing Activation Recomputation in Large Transformer
 * Models, 2022, https://arxiv.org/abs/2205.05198, table 2.)
 */
function trainingGB({ model, load }: Question, layout: Layout): Parts {
  const parameters = weightBytesOf(
    mapWeights(model, (weight) => ({ ...weight, bytes: elementsOf(weight) })),
    layout,
  );
  const underWay = Math.min(1, Math.ceil(load.sequences / layout.data) / layout.pipeline);
  const activations = (34 * layerCount(model) * underWay * load.prompt * model.hidden) / layout.tensor;
  return [((2 + 12 / layout.data) * parameters) / 1e9, 0, activations / 1e9];
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
