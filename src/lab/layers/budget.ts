/** How much a page may ask of its ranks. */

import { type LayerSpec, planLayer } from '../../math/plans/layers.ts';
import { type Cost, costOf, stepsOf } from '../../math/plans/plan.ts';
import type { LayerParams } from './params.ts';

/** Of the tokens there are, old and new, on one rank: a software adapter needs seconds for this many. */
export const MAX_FLOPS = 2 ** 30;
/**
 * Of attention alone, over the passes of a run. SwiftShader, the software adapter of Chromium, was seen to make 20 million
 * of them in a second on two cores, where it makes 2,000 million of a product: its invocations meet at every tile of keys.
 */
export const MAX_ATTENTION_FLOPS = 2 ** 27;
/** float32 elements of everything that one rank would hold. */
export const MAX_ELEMENTS = 2 ** 25;

/** Times that a rank makes the pass; see rank/programs/layer/program.ts. Earlier tokens are computed once. */
const PASSES = 3;

/** Why the layer would be too much, and what would not; null where it is not. */
export function budgetProblem(spec: LayerSpec, { tokens, past }: LayerParams): string | null {
  const cost = (count: number): Cost => costOf(planLayer(spec, 1, { tokens: count, past: 0 }), 0);
  const all = tokens + past;
  const { flops, weightBytes, kvBytes, activationBytes } = cost(all);
  const attention = attentionWork(spec, tokens, past);
  if (attention > MAX_ATTENTION_FLOPS) {
    const earlier = halved(past, (count) => attentionWork(spec, tokens, count) <= MAX_ATTENTION_FLOPS);
    const fewer = halved(tokens, (count) => attentionWork(spec, count, 0) <= MAX_ATTENTION_FLOPS);
    const remedy = earlier > 0 ? `${earlier} earlier tokens` : `${fewer} tokens and no earlier ones`;
    return (
      `Attention would take ${millions(attention)} million FLOPs in the passes of a run, and the page stops at ` +
      `${millions(MAX_ATTENTION_FLOPS)} million. Take ${remedy}, or smaller sizes.`
    );
  }
  if (flops > MAX_FLOPS) {
    const fewer = halved(all, (count) => cost(count).flops <= MAX_FLOPS);
    const remedy =
      fewer > 0
        ? `Take ${fewer} tokens, earlier ones counted, or smaller sizes.`
        : 'Make the widths smaller.';
    return `The layer would take ${millions(flops)} million FLOPs, and the page stops at ${millions(MAX_FLOPS)} million. ${remedy}`;
  }
  const elements = (weightBytes + kvBytes + activationBytes) / 4;
  if (elements <= MAX_ELEMENTS) return null;
  return (
    `The layer would hold ${millions(elements)} million numbers, and a page should hold at most ` +
    `${millions(MAX_ELEMENTS)} million. Take fewer tokens or smaller sizes.`
  );
}

function attentionWork(spec: LayerSpec, tokens: number, past: number): number {
  const before = past === 0 ? 0 : attentionFlops(spec, past, 0);
  return before + PASSES * attentionFlops(spec, tokens, past);
}

function attentionFlops(spec: LayerSpec, tokens: number, past: number): number {
  return stepsOf(planLayer(spec, 1, { tokens, past }))
    .flatMap((step) => (step.kind === 'op' && step.op === 'attention' ? (step.runs[0] ?? []) : []))
    .reduce((sum, flops) => sum + flops, 0);
}

/** The first of count/2, count/4, … that does; 0 where none does. */
function halved(count: number, does: (count: number) => boolean): number {
  let fewer = Math.floor(count / 2);
  while (fewer > 0 && !does(fewer)) fewer = Math.floor(fewer / 2);
  return fewer;
}

function millions(value: number): string {
  return Math.round(value / 1e6).toLocaleString('en');
}
