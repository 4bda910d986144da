/**
 * How long a pass of tokens through all layers takes, on the GPUs of one stage: what has to be read or computed, the
 * collectives between, and what every layer takes however little there is to do.
 */

import { collectiveTime } from '../machines/collectiveTime.ts';
import type { Machine } from '../machines/fabrics.ts';
import { type CountedModel, cacheElements, elementsOf, type LayerRun, type Weight } from './model/parts.ts';

/** Which are set by a published row, and which: calibration.ts says so of each. */
export interface Efficiency {
  /** Of the memory's bandwidth, that kernels reach in decoding. */
  readonly memory: number;
  /** Of the peak FLOPs. */
  readonly flops: number;
  /** Microseconds of a layer: kernels that begin and end, norms, and what the host does between. */
  readonly layerUs: number;
}

export const EFFICIENCY: Efficiency = { memory: 0.8, flops: 0.55, layerUs: 42 };

/** A pass of a batch of sequences through a model that is cut. */
export interface BatchPass {
  readonly tensor: number;
  /** As in a Layout: 1 where each expert is cut. Default 1. */
  readonly expert?: number;
  readonly sequences: number;
  /** New tokens of each: 1 in decoding. Default 1. */
  readonly tokens?: number;
  /** Tokens in the cache of each. */
  readonly context: number;
  /** Bytes of a number in the cache. Default 2. */
  readonly cacheBytes?: number;
}

/** Milliseconds of a pass, and what a GPU does in it. */
export interface PassTime {
  readonly readMs: number;
  readonly flopsMs: number;
  readonly linkMs: number;
  readonly layersMs: number;
  /** Reading and computing overlap: the longer of them, and all else after it. */
  readonly totalMs: number;
  /** Collectives of a GPU, and the bytes that it sends in them. */
  readonly collectives: number;
  readonly sentBytes: number;
}

/** Of a step of a layout, with what goes from stage to stage and between copies in `linkMs`. */
export interface StepTime extends PassTime {
  /** The share of it in which a stage waits for others: for want of sequences, or as a pipeline fills and runs dry. */
  readonly idleShare: number;
}

/** bfloat16 */
const ACTIVATION_BYTES = 2;

export function passTime(
  model: CountedModel,
  machine: Machine,
  { tensor, expert = 1, sequences, tokens = 1, context, cacheBytes = 2 }: BatchPass,
  efficiency: Efficiency = EFFICIENCY,
): PassTime {
  const { gpu } = machine;
  const all = sequences * tokens;
  const links = new CollectiveTimes(machine);
  let [bytes, flops, layers] = [0, 0, 0];
  for (const layer of model.layers) {
    const { count, attention, window, parallel, experts } = layer;
    // A token sees those in the cache, and of the new ones those before it.
    const seen = Math.min(context + (tokens - 1) / 2, window ?? Number.POSITIVE_INFINITY);
    const cached = cacheElements(attention) / cacheCut(layer, tensor);
    const spread: ExpertSpread = { tensor, expert, tokens: all };
    const weightBytes = sumOf(layer.weights, (one) => one.bytes * readShare(one, layer, spread));
    const products = sumOf(layer.weights, (one) => elementsOf(one) * computedShare(one, layer, spread));
    bytes += count * (weightBytes + cached * cacheBytes * seen * sequences);
    flops += count * all * (2 * products + (4 * attention.heads * attention.headDim * seen) / tensor);
    const row = ACTIVATION_BYTES * model.hidden;
    const sharesExperts = experts !== null && expert > tensor;
    links.add('all_reduce', tensor, row * all, count * (parallel || sharesExperts ? 1 : 2));
    // Tokens go to their experts, which may be with any copy, and what becomes of them comes back.
    if (sharesExperts) links.add('all_to_all', expert, (row * all * experts.topK) / tensor, 2 * count);
    layers += count;
  }
  // Embedding: a rank has rows of its own ids alone, and what it has is summed.
  links.add('all_reduce', tensor, ACTIVATION_BYTES * model.hidden * all, 1);
  const head = model.outside.find(({ module }) => module === 'lm_head');
  bytes += (head?.bytes ?? 0) / tensor;
  flops += (sequences * 2 * (head === undefined ? 0 : elementsOf(head))) / tensor;
  links.add('all_gather', tensor, ACTIVATION_BYTES * model.vocab * sequences, 1);
  const readMs = bytes / (gpu.memoryGBs * efficiency.memory) / 1e6;
  const flopsMs = flops / (gpu.teraflops * efficiency.flops) / 1e9;
  const [linkMs, layersMs] = [links.us / 1e3, (layers * efficiency.layerUs) / 1e3];
  return {
    readMs,
    flopsMs,
    linkMs,
    layersMs,
    totalMs: Math.max(readMs, flopsMs) + linkMs + layersMs,
    collectives: links.count,
    sentBytes: links.sentBytes,
  };
}

/** The collectives of a pass, added up. */
class CollectiveTimes {
  us = 0;
  count = 0;
  sentBytes = 0;

  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  add(kind: 'all_reduce' | 'all_gather' | 'all_to_all', ranks: number, bytes: number, times: number): void {
    if (ranks === 1) return;
    const { us, sentBytes } = collectiveTime(this.#machine, kind, ranks, bytes);
    this.us += times * us;
    this.count += times;
    this.sentBytes += times * sentBytes;
  }
}

function sumOf(weights: readonly Weight[], of: (weight: Weight) => number): number {
  return weights.reduce((sum, weight) => sum + of(weight), 0);
}

/** Key/value heads are copied where there are more ranks; a latent vector is on every rank. */
function cacheCut({ attention }: LayerRun, tensor: number): number {
  return attention.kind === 'latent' ? 1 : Math.min(tensor, attention.kvHeads);
}

interface ExpertSpread {
  readonly tensor: number;
  readonly expert: number;
  /** Of one copy. */
  readonly tokens: number;
}

/** What of a weight the busiest GPU reads. */
function readShare({ cut }: Weight, layer: LayerRun, spread: ExpertSpread): number {
  const { tensor } = spread;
  if (cut === 'copied') return 1;
  if (cut === 'kv') return 1 / cacheCut(layer, tensor);
  if (cut !== 'experts' || layer.experts === null) return 1 / tensor;
  return expertsRead(layer.experts, spread) / layer.experts.count;
}

/**
 * Experts whose weights the busiest GPU reads. Each token chooses evenly and by itself, so that 1 − (1 − k/E)^tokens of all
 * are read. Cut, each GPU reads its part of all of those. Dealt out, the GPUs have as many in the mean, and the busiest of R
 * lies about √(2 ln R) deviations above it.
 */
function expertsRead(
  { count, topK }: { count: number; topK: number },
  { tensor, expert, tokens }: ExpertSpread,
): number {
  const copies = Math.max(1, expert / tensor);
  const chosen = 1 - (1 - topK / count) ** (tokens * copies);
  if (expert === 1) return (count * chosen) / tensor;
  const own = count / expert;
  const deviation = Math.sqrt(own * chosen * (1 - chosen));
  return Math.min(own, own * chosen + Math.sqrt(2 * Math.log(expert)) * deviation);
}

/** What of a weight one token of a copy is multiplied with on the busiest GPU. */
function computedShare({ cut }: Weight, layer: LayerRun, { tensor, expert, tokens }: ExpertSpread): number {
  if (cut === 'copied') return 1;
  if (cut === 'kv') return 1 / cacheCut(layer, tensor);
  const { experts } = layer;
  if (cut !== 'experts' || experts === null) return 1 / tensor;
  const even = experts.topK / experts.count / tensor;
  if (expert === 1) return even;
  // Tokens that come to a GPU's experts, of all copies: the busiest has more than the mean.
  const mean = (tokens * Math.max(1, expert / tensor) * experts.topK) / expert;
  return even * (1 + Math.sqrt((2 * Math.log(expert)) / Math.max(mean, 1)));
}
