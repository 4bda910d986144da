/**
 * How much memory a rank asks for, by what it is to hold: where memory is scarce, a small run must not need a large one's.
 * A CPU device's scratch is not in it, nor is it needed: what does not fit lets the memory grow.
 */

import { costOf, type LayerPlan } from '../program/plan.ts';

const LEAST_BYTES = 2 ** 20;
/** Beyond that the memory grows; where it cannot, a GPU's copies go through the windows. */
const MOST_BYTES = 2 ** 24;
/** Tensors start at multiples of 64 bytes, and leave holes when they go. */
const SLACK = 1.25;

/** In powers of two, so that sizes that grow a little at a time do not need new ranks each time. */
export function arenaFor(heldBytes: number): number {
  const wanted = 2 ** Math.ceil(Math.log2(Math.max(1, SLACK * heldBytes)));
  return Math.min(MOST_BYTES, Math.max(LEAST_BYTES, wanted));
}

/** The same for a rank that runs the plan: by rank 0, for whatever does not divide goes to the first ranks. */
export function arenaForPlan(plan: LayerPlan): number {
  const { weightBytes, kvBytes, activationBytes } = costOf(plan, 0);
  return arenaFor(weightBytes + kvBytes + activationBytes);
}
