/**
 * What each rank holds, caches and sends where a counted model is cut as Ringside cuts it: whole heads, columns, experts
 * and vocabulary rows are dealt out, and shares may differ or be empty. No program is planned for it.
 */

import { ringSends } from '../../collectives/work.ts';
import { lengthOf, shardRange, shardRanges } from '../../numerics/ranges.ts';
import { headShare } from '../../program/shares.ts';
import {
  type AttentionShape,
  type CountedModel,
  elementsOf,
  headsOf,
  type LayerRun,
  layerCount,
  type Weight,
} from './parts.ts';

/** Of the rank that has the least, and of the one that has the most. */
export type Span = readonly [least: number, most: number];

export interface Share {
  readonly weightElements: Span;
  /** As they are stored: scales are cut with the weights that they belong to. */
  readonly weightBytes: Span;
  /** What one more token adds to the KV cache, and to that of an indexer. */
  readonly cacheBytesPerToken: Span;
  /** What the rank that sends the most sends in a ring while one token is generated. */
  readonly wireBytes: number;
}

export interface ShareOptions {
  /** Of a number in the cache, but for an indexer's. Default 2: bfloat16. */
  readonly cacheBytes?: number;
  /** Of a number in a collective. Default 2. */
  readonly activationBytes?: number;
  /** Latent attention: one vector a token on every rank, or a rank's own keys and values. Default absorbed. */
  readonly latentCache?: LatentCache;
}

export type LatentCache = 'absorbed' | 'naive';

/** DeepSeek-V2's and V3's published code sums shared and routed experts apart; V3.2's together, as all others do. */
const SUMS_APART: ReadonlySet<string> = new Set(['deepseek_v2', 'deepseek_v3', 'kimi_k2']);
/** An indexer keeps its keys in float8, with a float32 scale for each 128 numbers (src/models/indexer.ts). */
const INDEX_SCALE = { bytes: 4, together: 128 };

export function shareOf(model: CountedModel, worldSize: number, options: ShareOptions = {}): Share {
  const { cacheBytes = 2, activationBytes = 2, latentCache = 'absorbed' } = options;
  const owns = Array.from({ length: worldSize }, (_, rank) => ownOf(model, worldSize, rank));
  const weights = owns.map((own) => weightsOf(model, own));
  const sent = owns.map(({ rank }) => sentElements(model, worldSize, rank));
  return {
    weightElements: span(weights.map(({ elements }) => elements)),
    weightBytes: span(weights.map(({ bytes }) => bytes)),
    cacheBytesPerToken: span(owns.map((own) => cachedBytes(model, own, cacheBytes, latentCache))),
    wireBytes: activationBytes * Math.max(...sent),
  };
}

function span(values: readonly number[]): Span {
  return [Math.min(...values), Math.max(...values)];
}

/** How much of everything that is dealt out a rank has. */
interface Own {
  readonly rank: number;
  readonly worldSize: number;
  readonly query: number;
  readonly kv: number;
}

function ownOf(model: CountedModel, worldSize: number, rank: number): Own {
  const { heads, kvHeads } = headsOf(model);
  const { query, kv } = headShare(heads, kvHeads, worldSize, rank);
  return { rank, worldSize, query: lengthOf(query), kv: lengthOf(kv) };
}

function weightsOf(model: CountedModel, own: Own): { elements: number; bytes: number } {
  let [elements, bytes] = [0, 0];
  const add = (weight: Weight, attention: AttentionShape | null, count: number): void => {
    const [part, whole] = partOf(weight, attention, own);
    elements += count * (elementsOf(weight) / whole) * part;
    bytes += count * (weight.bytes / whole) * part;
  };
  for (const { count, attention, weights } of model.layers) {
    for (const weight of weights) add(weight, attention, count);
  }
  for (const weight of model.outside) {
    if (!(model.tied && weight.module === 'lm_head')) add(weight, null, 1);
  }
  return { elements, bytes };
}

/** A rank's units of a weight, and all of them: heads, columns, experts or rows. */
function partOf(weight: Weight, attention: AttentionShape | null, own: Own): [part: number, whole: number] {
  const { cut, module, out, in: inner, copies } = weight;
  const shard = (whole: number): [number, number] => [
    lengthOf(shardRange(whole, own.worldSize, own.rank)),
    whole,
  ];
  switch (cut) {
    case 'copied':
      return [1, 1];
    case 'vocab':
      return shard(out);
    case 'experts':
      return shard(copies);
    case 'kv':
      return attention?.kind === 'heads' ? [own.kv, attention.kvHeads] : [own.query, attention?.heads ?? 1];
    case 'even':
      if (attention !== null && module.startsWith('self_attn.')) return [own.query, attention.heads];
      return shard(/(o_proj|down_proj)$/.test(module) ? inner : out);
    default:
      return cut satisfies never;
  }
}

function cachedBytes(model: CountedModel, own: Own, cacheBytes: number, latentCache: LatentCache): number {
  return model.layers.reduce((total, { count, attention, weights }) => {
    const indexKey = weights.find(({ module }) => module === 'self_attn.indexer.wk')?.out ?? 0;
    const index = indexKey + INDEX_SCALE.bytes * Math.ceil(indexKey / INDEX_SCALE.together);
    return total + count * (cacheBytes * cachedElements(attention, weights, own, latentCache) + index);
  }, 0);
}

function cachedElements(
  attention: AttentionShape,
  weights: readonly Weight[],
  own: Own,
  latentCache: LatentCache,
): number {
  if (attention.kind === 'heads') return 2 * own.kv * attention.headDim;
  if (latentCache === 'absorbed') return attention.latent;
  const values = weights.find(({ module }) => module === 'self_attn.o_proj')?.in ?? 0;
  return own.query * (attention.headDim + values / attention.heads);
}

/** One all-reduce for the embedding, those of the layers, and an all-gather of the logits. */
function sentElements(model: CountedModel, worldSize: number, rank: number): number {
  const sends = (collective: 'all_reduce' | 'all_gather', length: number): number =>
    ringSends({ collective, length, counts: shardRanges(length, worldSize).map(lengthOf) }, rank);
  return (1 + sumsOf(model)) * sends('all_reduce', model.hidden) + sends('all_gather', model.vocab);
}

/** All-reduces of all layers, for one pass. */
export function sumsOf(model: CountedModel): number {
  const apart = (run: LayerRun): boolean =>
    SUMS_APART.has(model.type) && run.weights.some(({ module }) => module.startsWith('mlp.shared_experts'));
  const more = model.layers.reduce(
    (total, run) => total + run.count * ((run.parallel ? -1 : 0) + (apart(run) ? 1 : 0)),
    0,
  );
  return 2 * layerCount(model) + more;
}
