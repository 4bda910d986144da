/** The parts of a layer, smaller: widths by a divisor, counts to a limit, ratios kept. */

import type { AttentionConfig, MlaConfig, MlpConfig, MoeConfig, VocabConfig } from './configs.ts';

export interface ScaleLimits {
  readonly hidden: number;
  readonly vocab: number;
  readonly experts: number;
  readonly heads: number;
  /** Of a pass of 16 tokens on one rank. */
  readonly flops: number;
}

/** RoPE turns pairs of columns, and one pair a head would have one frequency only. */
const LEAST_HEAD = 4;
const LEAST_WIDTH = 8;

export function shrinkWidth(width: number, divisor: number): number {
  return Math.min(width, Math.max(LEAST_WIDTH, Math.round(width / divisor)));
}

/** The vocabulary keeps its divisibility by powers of two up to 16. */
export function shrinkVocab<T extends VocabConfig>(config: T, divisor: number, limits: ScaleLimits): T {
  const { vocab, hidden, padTo } = config;
  const unit = greatestCommonDivisor(vocab, 16);
  const most = Math.floor(limits.vocab / unit) * unit;
  const halvings = Math.ceil(Math.log2(vocab / limits.vocab));
  const near = Math.round(vocab / 2 ** halvings / unit) * unit;
  return {
    ...config,
    hidden: shrinkWidth(hidden, divisor),
    vocab: vocab <= limits.vocab ? vocab : Math.min(most, near),
    ...(padTo !== undefined && { padTo: Math.min(padTo, 16) }),
  };
}

export function shrinkMlp<T extends Pick<MlpConfig, 'hidden' | 'intermediate'>>(
  config: T,
  divisor: number,
): T {
  const { hidden, intermediate } = config;
  return {
    ...config,
    hidden: shrinkWidth(hidden, divisor),
    intermediate: shrinkWidth(intermediate, divisor),
  };
}

/** The ratio of query to key/value heads stays. */
export function shrinkAttention<T extends AttentionConfig>(
  config: T,
  divisor: number,
  limits: ScaleLimits,
): T {
  const { hidden, heads, kvHeads, headDim } = config;
  const width = (heads * headDim) / divisor;
  const fold = headFold(config, width, Math.min(headDim, LEAST_HEAD), limits.heads);
  const even = 2 * Math.round(width / (heads / fold) / 2);
  return {
    ...config,
    hidden: shrinkWidth(hidden, divisor),
    heads: heads / fold,
    kvHeads: kvHeads / fold,
    headDim: Math.min(headDim, Math.max(LEAST_HEAD, even)),
  };
}

/** The widths of a head keep their proportions, as far as whole numbers do. */
export function shrinkMla<T extends MlaConfig>(config: T, divisor: number, limits: ScaleLimits): T {
  const { hidden, heads, qLoraRank, kvLoraRank, nopeDim, ropeDim, valueDim } = config;
  const least = Math.min(valueDim, LEAST_HEAD);
  const fold = headFold({ heads, kvHeads: heads }, (heads * valueDim) / divisor, least, limits.heads);
  const ofHead = (width: number): number => {
    const even = 2 * Math.round((width * fold) / divisor / 2);
    return Math.min(width, Math.max(LEAST_HEAD, even));
  };
  return {
    ...config,
    hidden: shrinkWidth(hidden, divisor),
    heads: heads / fold,
    qLoraRank: shrinkWidth(qLoraRank, divisor),
    kvLoraRank: shrinkWidth(kvLoraRank, divisor),
    nopeDim: ofHead(nopeDim),
    ropeDim: ofHead(ropeDim),
    valueDim: ofHead(valueDim),
  };
}

/** Fewer experts in as many groups, as long as a group has two (its score is a sum of two) and the gate a choice. */
export function shrinkMoe<T extends MoeConfig>(config: T, divisor: number, limits: ScaleLimits): T {
  const small = shrinkMlp(config, divisor);
  const { experts, groups, topGroups, topK } = config;
  if (experts <= limits.experts) return small;
  const count = largestDivisor(experts, limits.experts) ?? limits.experts;
  const inGroups = largestDivisor(greatestCommonDivisor(groups, count), Math.floor(count / 2)) ?? 1;
  const chosenGroups = Math.max(1, Math.round((topGroups * inGroups) / groups));
  const reachable = (count / inGroups) * chosenGroups;
  return {
    ...small,
    experts: count,
    groups: inGroups,
    topGroups: chosenGroups,
    topK: Math.max(1, Math.min(topK, Math.floor(reachable / 2))),
  };
}

/** The smallest number that divides the key/value heads and leaves few enough heads that are wide enough. */
function headFold(
  { heads, kvHeads }: { heads: number; kvHeads: number },
  width: number,
  leastHead: number,
  most: number,
): number {
  for (let fold = 1; fold < kvHeads; fold++) {
    const left = heads / fold;
    if (kvHeads % fold === 0 && left <= most && left * leastHead <= width) return fold;
  }
  return kvHeads;
}

/** The largest divisor of `of` that is at most `most`; null where only 1 is, and more was possible. */
function largestDivisor(of: number, most: number): number | null {
  for (let divisor = Math.min(of, most); divisor > 1; divisor--) if (of % divisor === 0) return divisor;
  return null;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
