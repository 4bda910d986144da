/** Every way to lay a model over some machines that memory allows, with what each costs. */

import { hopTime } from '../machines/collectiveTime.ts';
import type { Machine } from '../machines/fabrics.ts';
import { type CountedModel, cacheElements, headsOf, layerCount, type Weight } from './model/parts.ts';
import { decodeStep, EFFICIENCY, type Efficiency } from './step.ts';

export interface Layout {
  readonly tensor: number;
  readonly pipeline: number;
  readonly data: number;
}

export interface Load {
  readonly sequences: number;
  /** Tokens of the longest: prompt and answer. */
  readonly context: number;
  /** Bytes of a number in the cache. */
  readonly cacheBytes: number;
}

/** 1e9 bytes of the fullest GPU. */
export interface Memory {
  readonly weights: number;
  readonly cache: number;
  readonly activations: number;
  /** What the runtime keeps, and a tenth that engines leave free (vLLM's gpu_memory_utilization of 0.9). */
  readonly reserve: number;
  readonly total: number;
}

export type Limit = 'memory' | 'bandwidth' | 'FLOPs' | 'links' | 'layers';

export interface Plan extends Layout {
  readonly gpus: number;
  readonly memory: Memory;
  readonly fits: boolean;
  /** Sequences of that length for which there is room, in all copies. */
  readonly room: number;
  readonly stepMs: number;
  readonly tokensPerSecondOfOne: number;
  readonly tokensPerSecond: number;
  readonly limit: Limit;
}

export type Target = 'latency' | 'throughput' | 'fewest' | 'context';

const RUNTIME_GB = 1.2;
const FREE_SHARE = 0.1;
/** Tokens that pass together at most in prefill, as serving engines chunk them. */
const CHUNK = 8192;

/** Heads, key/value heads and widths that divide, as vLLM, SGLang and Megatron-LM ask. */
export function tensorDegrees(model: CountedModel, most: number): number[] {
  const { heads, kvHeads } = headsOf(model);
  const widths = model.layers.flatMap(({ weights }) =>
    weights.filter(({ module }) => /(down_proj)$/.test(module)).map((weight) => weight.in),
  );
  const isLegal = (p: number): boolean =>
    heads % p === 0 && (kvHeads % p === 0 || p % kvHeads === 0) && widths.every((width) => width % p === 0);
  return Array.from({ length: Math.min(most, heads) }, (_, i) => i + 1).filter(isLegal);
}

export function memoryOf(
  model: CountedModel,
  { gpu }: Machine,
  layout: Layout,
  load: Load,
): Memory & { perSequence: number } {
  const { tensor, pipeline, data } = layout;
  const stage = Math.ceil(layerCount(model) / pipeline) / layerCount(model);
  const kvCut = Math.min(tensor, headsOf(model).latent ? 1 : headsOf(model).kvHeads);
  const held = (weight: Weight): number =>
    weight.bytes / (weight.cut === 'copied' ? 1 : weight.cut === 'kv' ? kvCut : tensor);
  let [weights, perSequence] = [0, 0];
  for (const { count, attention, window, weights: own } of model.layers) {
    weights += stage * count * own.reduce((sum, one) => sum + held(one), 0);
    const seen = Math.min(load.context, window ?? load.context);
    perSequence += (stage * count * cacheElements(attention) * load.cacheBytes * seen) / kvCut;
  }
  const outside = model.outside.filter(({ module }) => module !== 'lm_head' || !model.tied || pipeline > 1);
  // Of several stages the first has the embedding and the last the head.
  const ends = outside.map(held);
  weights += pipeline === 1 ? ends.reduce((sum, one) => sum + one, 0) : Math.max(...ends);
  const sequences = Math.ceil(load.sequences / data);
  const activations = CHUNK * model.hidden * 2 * 4 + (4 * model.vocab * Math.min(sequences, 256)) / tensor;
  const [w, c, a] = [weights / 1e9, (sequences * perSequence) / 1e9, activations / 1e9];
  const reserve = RUNTIME_GB + FREE_SHARE * gpu.memoryGB;
  return {
    weights: w,
    cache: c,
    activations: a,
    reserve,
    total: w + c + a + reserve,
    perSequence: perSequence / 1e9,
  };
}

export function planOf(
  model: CountedModel,
  machine: Machine,
  layout: Layout,
  load: Load,
  efficiency: Efficiency = EFFICIENCY,
): Plan {
  const { tensor, pipeline, data } = layout;
  const memory = memoryOf(model, machine, layout, load);
  const sequences = Math.max(1, Math.ceil(load.sequences / data));
  // A stage decodes one part of the sequences while the others are in other stages.
  const each = Math.ceil(sequences / Math.min(sequences, pipeline));
  const step = decodeStep(
    model,
    machine,
    { tensor, sequences: each, context: load.context, cacheBytes: load.cacheBytes },
    efficiency,
  );
  const hopMs = hopTime(machine, 2 * model.hidden * each, tensor * pipeline > machine.perNode) / 1e3;
  const stepMs = step.totalMs + (pipeline - 1) * hopMs;
  const free = machine.gpu.memoryGB - memory.total + memory.cache;
  const fits = memory.total <= machine.gpu.memoryGB;
  const parts: readonly (readonly [Limit, number])[] = [
    ['bandwidth', step.readMs >= step.flopsMs ? step.readMs : 0],
    ['FLOPs', step.flopsMs > step.readMs ? step.flopsMs : 0],
    ['links', step.linkMs + (pipeline - 1) * hopMs],
    ['layers', step.layersMs],
  ];
  const [limit] = parts.reduce((most, one) => (one[1] > most[1] ? one : most));
  return {
    ...layout,
    gpus: tensor * pipeline * data,
    memory,
    fits,
    room: Math.max(0, Math.floor(free / memory.perSequence)) * data,
    stepMs,
    tokensPerSecondOfOne: 1e3 / stepMs,
    tokensPerSecond: (1e3 / stepMs) * load.sequences,
    limit: fits ? limit : 'memory',
  };
}

/** Those that fit first, each sort by the target; a pipeline has equal stages, or the numbers of a power of two. */
export function searchPlans(model: CountedModel, machine: Machine, load: Load, target: Target): Plan[] {
  const all = machine.nodes * machine.perNode;
  const layers = layerCount(model);
  const plans: Plan[] = [];
  for (const tensor of tensorDegrees(model, Math.min(all, 64))) {
    for (let pipeline = 1; pipeline <= Math.min(layers, all / tensor); pipeline++) {
      if (layers % pipeline !== 0 && !Number.isInteger(Math.log2(pipeline))) continue;
      const most = Math.floor(all / (tensor * pipeline));
      const copies = new Set([most]);
      for (let data = 1; data < most; data *= 2) copies.add(data);
      for (const data of copies) plans.push(planOf(model, machine, { tensor, pipeline, data }, load));
    }
  }
  return plans.sort(
    (a, b) =>
      Number(b.fits) - Number(a.fits) || ORDER[target](a, b) || a.gpus - b.gpus || a.stepMs - b.stepMs,
  );
}

const ORDER: Readonly<Record<Target, (a: Plan, b: Plan) => number>> = {
  latency: (a, b) => a.stepMs - b.stepMs,
  throughput: (a, b) => b.tokensPerSecond - a.tokensPerSecond,
  fewest: (a, b) => a.gpus - b.gpus,
  context: (a, b) => b.room - a.room,
};
