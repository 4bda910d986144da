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
/** An indexer keeps its keys in float8, with a float32 scale for each 128 numbers (DeepSeek-V3.2-Exp's inference/model.py). */
const INDEX_SCALE = { bytes: 4, together: 128 };

export function shareOf(model: CountedModel, worldSize: number, options: ShareOptions = {}): Share {
  const { cacheBytes = 2, activationBytes = 2, latentCache = 'absorbed' } = options;
  const held = addedUp(weightPieces(model));
  const cached = addedUp(cachePieces(model, cacheBytes, latentCache));
  const ranks = Array.from({ length: worldSize }, (_, rank) => {
    const own = ownOf(model, worldSize, rank);
    return { weights: total(held, own), cache: total(cached, own) };
  });
  return {
    weightElements: span(ranks.map(({ weights }) => weights.elements)),
    weightBytes: span(ranks.map(({ weights }) => weights.bytes)),
    cacheBytesPerToken: span(ranks.map(({ cache }) => cache.bytes)),
    wireBytes: activationBytes * Math.max(...sentElements(model, worldSize)),
  };
}

function span(values: readonly number[]): Span {
  return [Math.min(...values), Math.max(...values)];
}

/** What is dealt out: nothing but copies, a rank's query or key/value heads, or so many equal things. */
type Dealt = 'copies' | 'query' | 'kv' | number;

/** Of one unit of what is dealt out. */
interface Piece {
  readonly elements: number;
  readonly bytes: number;
}

type Owned = (dealt: Dealt) => number;

/** How many units of everything a rank has. */
function ownOf(model: CountedModel, worldSize: number, rank: number): Owned {
  const { heads, kvHeads } = headsOf(model);
  const { query, kv } = headShare(heads, kvHeads, worldSize, rank);
  return (dealt) => {
    if (dealt === 'copies') return 1;
    if (dealt === 'query') return lengthOf(query);
    return dealt === 'kv' ? lengthOf(kv) : lengthOf(shardRange(dealt, worldSize, rank));
  };
}

/** Added up by what they are dealt out by: a model has a handful of those. */
function addedUp(all: Iterable<readonly [Dealt, Piece]>): ReadonlyMap<Dealt, Piece> {
  const sums = new Map<Dealt, Piece>();
  for (const [dealt, { elements, bytes }] of all) {
    const before = sums.get(dealt) ?? { elements: 0, bytes: 0 };
    sums.set(dealt, { elements: before.elements + elements, bytes: before.bytes + bytes });
  }
  return sums;
}

function total(pieces: ReadonlyMap<Dealt, Piece>, own: Owned): Piece {
  let [elements, bytes] = [0, 0];
  for (const [dealt, piece] of pieces) {
    const units = own(dealt);
    elements += units * piece.elements;
    bytes += units * piece.bytes;
  }
  return { elements, bytes };
}

function* weightPieces(model: CountedModel): Generator<readonly [Dealt, Piece]> {
  const piece = (weight: Weight, attention: AttentionShape | null, count: number): [Dealt, Piece] => {
    const [dealt, units] = dealtBy(weight, attention);
    return [dealt, { elements: count * (elementsOf(weight) / units), bytes: count * (weight.bytes / units) }];
  };
  for (const { count, attention, weights } of model.layers) {
    for (const weight of weights) yield piece(weight, attention, count);
  }
  for (const weight of model.outside) {
    if (!(model.tied && weight.module === 'lm_head')) yield piece(weight, null, 1);
  }
}

/** And how many units there are. */
function dealtBy(weight: Weight, attention: AttentionShape | null): [dealt: Dealt, units: number] {
  const { cut, module, out, in: inner, copies } = weight;
  const { heads = 1 } = attention ?? {};
  switch (cut) {
    case 'copied':
      return ['copies', 1];
    case 'vocab':
      return [out, out];
    case 'experts':
      return [copies, copies];
    case 'kv':
      return ['kv', attention?.kind === 'heads' ? attention.kvHeads : heads];
    case 'even': {
      if (attention !== null && module.startsWith('self_attn.')) return ['query', heads];
      const columns = module.endsWith('down_proj') ? inner : out;
      return [columns, columns];
    }
    default:
      return cut satisfies never;
  }
}

function* cachePieces(
  { layers }: CountedModel,
  cacheBytes: number,
  latentCache: LatentCache,
): Generator<readonly [Dealt, Piece]> {
  const numbers = (count: number): Piece => ({ elements: count, bytes: cacheBytes * count });
  for (const { count, attention, weights } of layers) {
    const index = weights.find(({ module }) => module === 'self_attn.indexer.wk')?.out ?? 0;
    const scales = INDEX_SCALE.bytes * Math.ceil(index / INDEX_SCALE.together);
    if (index > 0) yield ['copies', { elements: count * index, bytes: count * (index + scales) }];
    if (attention.kind === 'heads') yield ['kv', numbers(count * 2 * attention.headDim)];
    else if (latentCache === 'absorbed') yield ['copies', numbers(count * attention.latent)];
    else {
      const values = weights.find(({ module }) => module === 'self_attn.o_proj')?.in ?? 0;
      yield ['query', numbers(count * (attention.headDim + values / attention.heads))];
    }
  }
}

/** Of each rank: one all-reduce for the embedding, those of the layers, and an all-gather of the logits. */
function sentElements(model: CountedModel, worldSize: number): number[] {
  const sends = (collective: 'all_reduce' | 'all_gather', length: number): number[] => {
    const counts = shardRanges(length, worldSize).map(lengthOf);
    return counts.map((_, rank) => ringSends({ collective, length, counts }, rank));
  };
  const gathered = sends('all_gather', model.vocab);
  const sums = 1 + sumsOf(model);
  return sends('all_reduce', model.hidden).map((sent, rank) => sums * sent + (gathered[rank] ?? 0));
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
