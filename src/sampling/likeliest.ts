/** The likeliest tokens, without sorting a vocabulary of a hundred thousand of which a hundred are likely. */

/** Weights below these shares of the largest are looked at only where the likelier ones are not enough. */
const SHARES = [1e-2, 1e-4, 1e-8, 0];

/**
 * Their ids, the likeliest first and of equal ones the lower: at most `count`, and no more than it takes for the share
 * `mass` of those.
 * @param weights in proportion to the probabilities, the largest of them 1
 */
export function likeliest(weights: Float64Array, count: number, mass = 1): number[] {
  for (const share of SHARES) {
    const ids = idsFrom(weights, share);
    const isAll = count >= weights.length;
    const enough = ids.length >= count || (mass < 1 && isAll && reaches(weights, ids, mass));
    if (!enough && share > 0) continue;
    ids.sort((a, b) => (weights[b] as number) - (weights[a] as number) || a - b);
    const some = ids.slice(0, count);
    return nucleus(weights, some, mass, isAll ? sumOf(weights) : undefined);
  }
  return [];
}

/** A token, and how likely it is. */
export interface Candidate {
  readonly id: number;
  readonly probability: number;
}

/**
 * The `count` likeliest tokens by the model alone, whatever is drawn.
 * @param logits of which checkLogits() has nothing to say
 */
export function candidatesOf(logits: Float32Array, count: number): Candidate[] {
  const largest = logits.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
  const weights = Float64Array.from(logits, (logit) => Math.exp(logit - largest));
  const total = sumOf(weights);
  return likeliest(weights, count).map((id) => ({ id, probability: (weights[id] as number) / total }));
}

function idsFrom(weights: Float64Array, share: number): number[] {
  const ids: number[] = [];
  for (let id = 0; id < weights.length; id++) if ((weights[id] as number) >= share) ids.push(id);
  return ids;
}

/** Whether these are so much of all. */
function reaches(weights: Float64Array, ids: readonly number[], mass: number): boolean {
  return ids.reduce((sum, id) => sum + (weights[id] as number), 0) >= mass * sumOf(weights);
}

/**
 * The first ids, up to the one by which the share is reached.
 * @param total what it is a share of: these, or also others that are less likely
 */
export function nucleus(
  weights: Float64Array,
  ids: readonly number[],
  mass: number,
  total = ids.reduce((sum, id) => sum + (weights[id] as number), 0),
): number[] {
  if (mass >= 1) return [...ids];
  let sum = 0;
  const end = ids.findIndex((id) => {
    sum += weights[id] as number;
    return sum >= mass * total;
  });
  return ids.slice(0, end < 0 ? ids.length : end + 1);
}

function sumOf(weights: Float64Array): number {
  return weights.reduce((sum, weight) => sum + weight, 0);
}
