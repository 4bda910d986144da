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
 * What drawing by `sampling` needs, and telling of so many candidates. A penalty changes which are the largest, and where
 * none are cut off by their number, any may be drawn.
 */
export function wantedLogits({ temperature, topK, repetitionPenalty }: Sampling, candidates: number): Wanted {
  if (repetitionPenalty !== 1 || (temperature > 0 && topK === 0)) return 'all';
  const wanted = Math.max(1, candidates, temperature > 0 ? topK : 0);
  return wanted <= MOST_TOP ? wanted : 'all';
}

/** Whether they say as much as all of them. Where the largest is no number, all of them have to say what is broken. */
export function isEnough({ values: [largest] }: TopLogits): boolean {
  return largest !== undefined && Number.isFinite(largest);
}

/**
 * The token that drawToken() would draw of all logits.
 * @param top at least as many as wantedLogits() says, and enough
 */
export function drawFromTop({ indices, values }: TopLogits, sampling: Sampling, position: number): number {
  const { temperature, topK, topP, minP } = sampling;
  const [best = 0] = indices;
  if (temperature === 0) return best;
  const [largest = 0] = values;
  const weights = Float64Array.from(values, (value) => Math.exp((value - largest) / temperature));
  const kept = nucleus(weights, [...weights.keys()].slice(0, topK), topP).filter(
    (at) => minP === 0 || (weights[at] as number) >= minP,
  );
  const ids = kept.map((at) => indices[at] as number);
  return drawnFrom({ ids, weights: kept.map((at) => weights[at] as number) }, best, sampling, position);
}

/** The `count` likeliest tokens by the model alone, whatever is drawn. */
export function candidatesOfTop({ indices, values, sumExp }: TopLogits, count: number): Candidate[] {
  const [largest = 0] = values;
  return indices.slice(0, count).map((id, i) => ({
    id,
    probability: Math.exp((values[i] as number) - largest) / sumExp,
  }));
}
