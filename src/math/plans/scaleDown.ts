/**
 * A small copy of a published layer, which ranks can run in milliseconds on a CPU. Widths shrink by a power of two, so
 * that odd divisors stay; what tells architectures apart is kept as far as it fits: the ratio of query to key/value
 * heads, groups and choices of experts, the proportions of the widths.
 */

import { type LayerSpec, moeOf } from '../../program/layers.ts';
import { planLayer } from '../../program/planOf.ts';
import { costOf } from './plan.ts';
import { type ScaleLimits, shrinkAttention, shrinkMla, shrinkMlp, shrinkMoe, shrinkVocab } from './shrink.ts';

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
    const small = shrink(spec, divisor, limits);
    if (divisor === LARGEST_DIVISOR || fits(small, limits)) {
      return { spec: small, divisor, summary: summaryOf(spec, small, divisor) };
    }
  }
}

function fits(spec: LayerSpec, limits: ScaleLimits): boolean {
  const { hidden } = spec.layer === 'block' ? spec.config.attention : spec.config;
  if (hidden > limits.hidden) return false;
  return costOf(planLayer(spec, 1, { tokens: 16, past: 0 }), 0).flops <= limits.flops;
}

function shrink(spec: LayerSpec, divisor: number, limits: ScaleLimits): LayerSpec {
  switch (spec.layer) {
    case 'linear-pair':
      return { ...spec, config: shrinkMlp(spec.config, divisor) };
    case 'mlp':
      return { ...spec, config: shrinkMlp(spec.config, divisor) };
    case 'embedding':
    case 'head':
    case 'cross-entropy':
      return { ...spec, config: shrinkVocab(spec.config, divisor, limits) };
    case 'attention':
      return { ...spec, config: shrinkAttention(spec.config, divisor, limits) };
    case 'mla':
      return { ...spec, config: shrinkMla(spec.config, divisor, limits) };
    case 'moe':
      return { ...spec, config: shrinkMoe(spec.config, divisor, limits) };
    case 'block': {
      const { attention, mlp } = spec.config;
      const config = {
        ...spec.config,
        attention:
          attention.kind === 'attention'
            ? shrinkAttention(attention, divisor, limits)
            : shrinkMla(attention, divisor, limits),
        mlp: mlp.kind === 'mlp' ? shrinkMlp(mlp, divisor) : shrinkMoe(mlp, divisor, limits),
      };
      return { ...spec, config };
    }
    default:
      return spec satisfies never;
  }
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
  if (spec.layer === 'block') return spec.config.attention.heads;
  return spec.layer === 'attention' || spec.layer === 'mla' ? spec.config.heads : 0;
}

function vocabOf(spec: LayerSpec): number {
  return 'vocab' in spec.config ? spec.config.vocab : 0;
}
