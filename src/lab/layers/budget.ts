/** How much a page may ask of its ranks. */

import { elementsIn } from '../../numerics/dtype.ts';
import type { LayerSpec } from '../../program/layers.ts';
import { type Cost, costOf } from '../../program/plan.ts';
import { planLayer } from '../../program/planOf.ts';
import { millions } from '../parameters.ts';
import type { LayerParams } from './params.ts';

/**
 * Of the tokens there are, old and new, on one rank. A software adapter needs seconds for this many, in the few passes of
 * a run: SwiftShader makes about 2,000 million in a second on two cores, and half as many of attention with small heads.
 */
export const MAX_FLOPS = 2 ** 30;
/** float32 elements of everything that one rank would hold. */
export const MAX_ELEMENTS = 2 ** 25;

/** Why the layer would be too much, and what would not; null where it is not. */
export function budgetProblem(spec: LayerSpec, { tokens, past }: LayerParams): string | null {
  const cost = (count: number): Cost => costOf(planLayer(spec, 1, { tokens: count, past: 0 }), 0);
  const all = tokens + past;
  const { flops, weightBytes, kvBytes, activationBytes } = cost(all);
  if (flops > MAX_FLOPS) {
    const fewer = halved(all, (count) => cost(count).flops <= MAX_FLOPS);
    const remedy =
      fewer > 0
        ? `Take ${fewer} tokens, earlier ones counted, or smaller sizes.`
        : 'Make the widths smaller.';
    return `The layer would take ${millions(flops)} million FLOPs, and the page stops at ${millions(MAX_FLOPS)} million. ${remedy}`;
  }
  const elements = elementsIn(weightBytes + kvBytes + activationBytes, 'f32');
  if (elements <= MAX_ELEMENTS) return null;
  return (
    `The layer would hold ${millions(elements)} million numbers, and a page should hold at most ` +
    `${millions(MAX_ELEMENTS)} million. Take fewer tokens or smaller sizes.`
  );
}

/** The first of count/2, count/4, … that does; 0 where none does. */
function halved(count: number, does: (count: number) => boolean): number {
  let fewer = Math.floor(count / 2);
  while (fewer > 0 && !does(fewer)) fewer = Math.floor(fewer / 2);
  return fewer;
}
