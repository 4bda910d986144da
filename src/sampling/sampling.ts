/**
 * How the next token is drawn from logits, in the order and with the meaning of transformers' LogitsProcessors: repetition
 * penalty, temperature, top-k, top-p, min-p. Pure: all ranks, each with the same logits, draw the same.
 */

import { describeValue } from '../base/describe.ts';
import { hash32 } from '../numerics/random.ts';
import type { Range } from '../numerics/ranges.ts';
import { checkLogits } from './broken.ts';
import { likeliest } from './likeliest.ts';

export interface Sampling {
  /** 0: always the likeliest token. */
  readonly temperature: number;
  /** Only the so many likeliest; 0: all. */
  readonly topK: number;
  /** Only the likeliest whose probabilities add up to this; 1: all. */
  readonly topP: number;
  /** Only those at least so likely, as a share of the likeliest; 0: all. */
  readonly minP: number;
  /** Logits of tokens that were there before are divided by it, negative ones multiplied; 1: nothing. Keskar et al. 2019. */
  readonly repetitionPenalty: number;
  /** Of the draws. */
  readonly seed: number;
}

export const GREEDY: Sampling = { temperature: 0, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1, seed: 0 };

/** What is wrong with it, in a sentence; null where nothing is. */
export function samplingProblem(sampling: Sampling): string | null {
  const { temperature, topK, topP, minP, repetitionPenalty, seed } = sampling;
  const within = (value: number, least: number, most: number) => value >= least && value <= most;
  if (!within(temperature, 0, 100))
    return `The temperature is ${shown(temperature)}; it must be from 0 to 100.`;
  if (!Number.isSafeInteger(topK) || topK < 0)
    return `Top-k is ${shown(topK)}; it must be a whole number from 0.`;
  if (!within(topP, 0, 1) || topP === 0) return `Top-p is ${shown(topP)}; it must be above 0, and at most 1.`;
  if (!within(minP, 0, 1)) return `Min-p is ${shown(minP)}; it must be from 0 to 1.`;
  if (!within(repetitionPenalty, 0.01, 100)) {
    return `The repetition penalty is ${shown(repetitionPenalty)}; it must be from 0.01 to 100.`;
  }
  return Number.isSafeInteger(seed) ? null : `The seed is ${shown(seed)}; it must be a whole number.`;
}

function shown(value: number): string {
  return Number.isNaN(value) ? 'not a number' : describeValue(value);
}

/**
 * The next token.
 * @param logits `[vocab]`; left as they are
 * @param seen tokens that were there before, for the penalty: all of the context
 * @param position of the new token, which with the seed says what is drawn
 * @param pieces of the vocabulary, by rank, to say whose is broken
 * @throws LabError as checkLogits() does
 */
export function drawToken(
  logits: Float32Array,
  sampling: Sampling,
  seen: readonly number[],
  position: number,
  pieces: readonly Range[] = [],
): number {
  const { temperature, repetitionPenalty } = sampling;
  checkLogits(logits, pieces);
  const own = penalised(logits, repetitionPenalty, seen);
  const best = argmax(own);
  if (temperature === 0) return best;
  return drawnFrom(keptTokens(own, own[best] as number, sampling), best, sampling, position);
}

/** One of these, each as likely as it weighs. @param best the likeliest */
export function drawnFrom(
  { ids, weights }: ReturnType<typeof keptTokens>,
  best: number,
  { seed }: Pick<Sampling, 'seed'>,
  position: number,
): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let left = total * (hash32(seed, position) / 2 ** 32);
  for (const [i, id] of ids.entries()) {
    left -= weights[i] as number;
    if (left < 0) return id;
  }
  return best; // rounding
}

/**
 * The tokens that may be drawn, and e^((logit − largest) / temperature) of each: in proportion to its probability.
 * @param logits of which checkLogits() has nothing to say
 */
export function keptTokens(
  logits: Float32Array,
  largest: number,
  { temperature, topK, topP, minP }: Sampling,
): { readonly ids: readonly number[]; readonly weights: readonly number[] } {
  const all = Float64Array.from(logits, (logit) => Math.exp((logit - largest) / temperature));
  let ids = topK > 0 || topP < 1 ? likeliest(all, topK > 0 ? topK : all.length, topP) : [...all.keys()];
  if (minP > 0) ids = ids.filter((id) => (all[id] as number) >= minP);
  return { ids, weights: ids.map((id) => all[id] as number) };
}

function penalised(logits: Float32Array, penalty: number, seen: readonly number[]): Float32Array {
  if (penalty === 1) return logits;
  const own = logits.slice();
  for (const id of new Set(seen)) {
    const logit = own[id];
    if (logit !== undefined) own[id] = logit > 0 ? logit / penalty : logit * penalty;
  }
  return own;
}

/** The first of the largest. */
function argmax(logits: Float32Array): number {
  let best = 0;
  for (let id = 1; id < logits.length; id++) {
    if ((logits[id] as number) > (logits[best] as number)) best = id;
  }
  return best;
}
