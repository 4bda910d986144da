/**
 * Drawing from the likeliest tokens alone. Where no other could be drawn, a device need not give all of a vocabulary to its
 * host: the result is the same token.
 */

import { type Candidate, nucleus } from './likeliest.ts';
import { drawnFrom, type Sampling } from './sampling.ts';

/** What of the logits the host needs: the so many largest, or all. */
export type Wanted = number | 'all';

/** The largest logits, the largest first and of equal ones the lower id. */
export interface TopLogits {
  readonly indices: readonly number[];
  readonly values: readonly number[];
  /** Σ e^(logit − largest) over all of the vocabulary. */
  readonly sumExp: number;
}

/** For more than these it is faster to read all of them. */
export const MOST_TOP = 64;

/**
 * Up to so many tokens all logits are read as soon as the largest are found where these need not decide: of 1,024 neither
 * device wrote faster by them, and a software GPU compiles the search for some 0.2 s on every rank.
 */
const SMALL_VOCABULARY = 4096;

/**
 * What drawing by `sampling` needs, and telling of so many candidates. A penalty changes which are the largest. Where none
 * are cut off by their number, but by their probability, as many as can be had decide most draws; see mayNotDecide().
 * @param vocab tokens there are
 */
export function wantedLogits(sampling: Sampling, candidates: number, vocab: number): Wanted {
  const { temperature, topK, repetitionPenalty } = sampling;
  if (repetitionPenalty !== 1) return 'all';
  const byProbability = vocab > SMALL_VOCABULARY && mayNotDecide(sampling);
  const drawnFrom = temperature === 0 ? 1 : topK > 0 ? topK : byProbability ? MOST_TOP : null;
  if (drawnFrom === null) return 'all';
  const wanted = Math.max(drawnFrom, candidates);
  return wanted <= MOST_TOP ? wanted : 'all';
}

/**
 * Whether the largest may leave open which tokens can be drawn, and then all are asked for. What lies behind them is known
 * by its sum at temperature 1 alone, and bounds that of a lower temperature.
 */
export function mayNotDecide({ temperature, topK, topP, minP, repetitionPenalty }: Sampling): boolean {
  if (temperature === 0 || topK > 0 || repetitionPenalty !== 1) return false;
  return topP < 1 ? temperature <= 1 : minP > 0;
}

/** Whether they say as much as all of them. Where the largest is no number, all of them have to say what is broken. */
export function isEnough({ values: [largest] }: TopLogits): boolean {
  return largest !== undefined && Number.isFinite(largest);
}

/**
 * The token that drawToken() would draw of all logits; null where these do not decide it.
 * @param top as many as wantedLogits() says
 */
export function drawFromTop(top: TopLogits, sampling: Sampling, position: number): number | null {
  if (!isEnough(top)) return null;
  const { indices, values } = top;
  const { temperature, topK, topP, minP } = sampling;
  const [best = 0] = indices;
  if (temperature === 0) return best;
  const [largest = 0] = values;
  const weights = Float64Array.from(values, (value) => Math.exp((value - largest) / temperature));
  const all = [...weights.keys()];
  const kept = topK > 0 ? nucleus(weights, all.slice(0, topK), topP) : decided(top, weights, sampling);
  if (kept === null) return null;
  const likely = kept.filter((at) => minP === 0 || (weights[at] as number) >= minP);
  const ids = likely.map((at) => indices[at] as number);
  return drawnFrom({ ids, weights: likely.map((at) => weights[at] as number) }, best, sampling, position);
}

/** Of the sum that a device gives, its share of error; see device/testing/topTests.ts, which asks for a tenth of it. */
const SUM_ERROR = 1e-4;
/** Of a sum of float64 in another order. */
const ROUNDING = 1e-12;

/** Places in `weights` that may be drawn by their probability, in the order of drawToken(); null where that is open. */
function decided(
  { indices, values, sumExp }: TopLogits,
  weights: Float64Array,
  { temperature, topP, minP }: Sampling,
): number[] | null {
  const areAll = indices.length < MOST_TOP; // there are no others
  const least = weights.at(-1) ?? 0;
  const id = (at: number): number => indices[at] as number;
  const places = [...weights.keys()];
  // Without a nucleus drawToken() goes by id.
  if (topP === 1) return areAll || least < minP ? places.sort((a, b) => id(a) - id(b)) : null;
  places.sort((a, b) => (weights[b] as number) - (weights[a] as number) || id(a) - id(b));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const atOne = Float64Array.from(values, (value) => Math.exp(value - (values[0] ?? 0)));
  const behind =
    Math.max(0, sumExp - atOne.reduce((total, weight) => total + weight, 0)) + SUM_ERROR * sumExp;
  // Each weight behind is the one at temperature 1 to the power of 1/temperature: less by this factor at least.
  const most = areAll ? 0 : behind * (atOne.at(-1) ?? 0) ** (1 / temperature - 1);
  const few = nucleus(weights, places, topP, sum * (1 - ROUNDING));
  const many = nucleus(weights, places, topP, (sum + most) * (1 + ROUNDING));
  if (few.length !== many.length) return null;
  const last = weights[many.at(-1) ?? 0] as number;
  return areAll || last > least ? many : null; // beside the least of the largest there may be others
}

/** The `count` likeliest tokens by the model alone, whatever is drawn. */
export function candidatesOfTop({ indices, values, sumExp }: TopLogits, count: number): Candidate[] {
  const [largest = 0] = values;
  return indices.slice(0, count).map((id, i) => ({
    id,
    probability: Math.exp((values[i] as number) - largest) / sumExp,
  }));
}
