/**
 * A small copy of a published layer, which ranks can run in milliseconds on a CPU. Widths shrink by a power of two, so
 * that odd divisors stay; what tells architectures apart is kept as far as it fits: the ratio of query to key/value
 * heads, groups and choices of experts, the proportions of the widths.
 */

import { halvesOf, hiddenOf, type LayerSpec, moeOf, shrunk, vocabOf } from './layers.ts';
import { costOf } from './plan.ts';
import { planLayer } from './planOf.ts';
import type { ScaleLimits } from './shrink.ts';

export type { ScaleLimits } from './shrink.ts';

export const defaultLimits: ScaleLimits = { hidden: 128, vocab: 256, experts: 16, heads: 16, flops: 2e6 };

/** Any width is at its least by then. */
const LARGEST_DIVISOR = 2 ** 30;

export interface ScaledLayer {
  readonly spec: LayerSpec;
  /** The widths were divided by it; 1: none was. */
  readonly divisor: number;
  /** For people: "1/32 of the width, 16 of 32 heads"; empty where nothing was scaled. */
  readonly summary: string;
}

/** The largest copy within the limits. */
export function scaleDown(spec: LayerSpec, limits: ScaleLimits = defaultLimits): ScaledLayer {
  for (let divisor = 1; ; divisor *= 2) {
    const small = shrunk(spec, divisor, limits);
    if (divisor === LARGEST_DIVISOR || fits(small, limits)) {
      return { spec: small, divisor, summary: summaryOf(spec, small, divisor) };
    }
  }
}

function fits(spec: LayerSpec, limits: ScaleLimits): boolean {
  if (hiddenOf(spec) > limits.hidden) return false;
  return costOf(planLayer(spec, 1, { tokens: 16, past: 0 }), 0).flops <= limits.flops;
}

function summaryOf(from: LayerSpec, to: LayerSpec, divisor: number): string {
  const [before, after] = [moeOf(from), moeOf(to)];
  const parts = [
    divisor > 1 ? `1/${divisor} of the width` : '',
    fewer(headsOf(from), headsOf(to), 'heads'),
    fewer(before?.experts ?? 0, after?.experts ?? 0, 'experts'),
    before === null || after === null || before.topK === after.topK
      ? ''
      : `the best ${after.topK} of them and not ${before.topK}`,
    fewer(vocabOf(from), vocabOf(to), 'vocabulary entries'),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function fewer(before: number, after: number, what: string): string {
  return before === after ? '' : `${after} of ${before} ${what}`;
}

function headsOf(spec: LayerSpec): number {
  return halvesOf(spec).attention?.heads ?? 0;
}
