/**
 * How long a model takes for a token of each sequence, on ranks of one stage: what has to be read or computed, the
 * collectives between, and what every layer takes however little there is to do.
 */

import { collectiveTime } from '../machines/collectiveTime.ts';
import type { Machine } from '../machines/fabrics.ts';
import { type CountedModel, cacheElements, elementsOf, type LayerRun, type Weight } from './model/parts.ts';

/** Which are set by a published row, and which: calibration.test.ts says so of each. */
export interface Efficiency {
  /** Of the memory's bandwidth, that kernels reach in decoding. */
  readonly memory: number;
  /** Of the peak FLOPs. */
  readonly flops: number;
  /** Microseconds of a layer: kernels that begin and end, norms, and what the host does between. */
  readonly layerUs: number;
}

export const EFFICIENCY: Efficiency = { memory: 0.8, flops: 0.55, layerUs: 42 };

export interface Decoding {
  readonly tensor: number;
  readonly sequences: number;
  /** Tokens in the cache of each. */
  readonly context: number;
  /** Bytes of a number in the cache. Default 2. */
  readonly cacheBytes?: number;
}

/** Milliseconds of one step. */
export interface StepTime {
  readonly readMs: number;
  readonly flopsMs: number;
  readonly linkMs: number;
  readonly layersMs: number;
  /** Reading and computing overlap: the longer of them, and all else after it. */
  readonly totalMs: number;
}

const ACTIVATION_BYTES = 2;

export function decodeStep(
  model: CountedModel,
  machine: Machine,
  run: Decoding,
  efficiency: Efficiency = EFFICIENCY,
): StepTime {
  const { gpu } = machine;
  const { tensor, sequences, context, cacheBytes = 2 } = run;
  let [bytes, flops, linkUs, layers] = [0, 0, 0, 0];
  const reduceUs = collectiveTime(
    machine,
    'all_reduce',
    tensor,
    ACTIVATION_BYTES * model.hidden * sequences,
  ).us;
  for (const layer of model.layers) {
    const { count, attention, window, parallel } = layer;
    const seen = Math.min(context, window ?? context);
    const cached = cacheElements(attention) / cacheCut(layer, tensor);
    const weightBytes = layer.weights.reduce(
      (sum, one) => sum + (one.bytes * readShare(one, layer, sequences)) / rankCut(one, layer, tensor),
      0,
    );
    const products = layer.weights.reduce(
      (sum, one) => sum + (elementsOf(one) * chosenShare(one, layer)) / rankCut(one, layer, tensor),
      0,
    );
    bytes += count * (weightBytes + cached * cacheBytes * seen * sequences);
    flops += count * sequences * (2 * products + (4 * attention.heads * attention.headDim * seen) / tensor);
    linkUs += count * (parallel ? 1 : 2) * reduceUs;
    layers += count;
  }
  const head = model.outside.find(({ module }) => module === 'lm_head');
  bytes += (head?.bytes ?? 0) / tensor;
  flops += (sequences * 2 * (head === undefined ? 0 : elementsOf(head))) / tensor;
  linkUs += collectiveTime(machine, 'all_gather', tensor, ACTIVATION_BYTES * model.vocab * sequences).us;
  const readMs = bytes / (gpu.memoryGBs * efficiency.memory) / 1e6;
  const flopsMs = flops / (gpu.teraflops * efficiency.flops) / 1e9;
  const [linkMs, layersMs] = [linkUs / 1e3, (layers * efficiency.layerUs) / 1e3];
  return { readMs, flopsMs, linkMs, layersMs, totalMs: Math.max(readMs, flopsMs) + linkMs + layersMs };
}

/** Key/value heads are copied where there are more ranks; a latent vector is on every rank. */
function cacheCut({ attention }: LayerRun, tensor: number): number {
  return attention.kind === 'latent' ? 1 : Math.min(tensor, attention.kvHeads);
}

function rankCut({ cut }: Weight, layer: LayerRun, tensor: number): number {
  if (cut === 'copied') return 1;
  return cut === 'kv' ? cacheCut(layer, tensor) : tensor;
}

/** Each token chooses its experts evenly and by itself, so that 1 − (1 − k/E)^tokens of them are read. */
function readShare({ cut }: Weight, { experts }: LayerRun, tokens: number): number {
  return cut === 'experts' && experts !== null ? 1 - (1 - experts.topK / experts.count) ** tokens : 1;
}

function chosenShare({ cut }: Weight, { experts }: LayerRun): number {
  return cut === 'experts' && experts !== null ? experts.topK / experts.count : 1;
}
