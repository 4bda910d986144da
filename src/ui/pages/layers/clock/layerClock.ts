/** The clock of a run of a layer: what its spans are, in the plan's own words. */

import { extentOf, type Span, spanName } from '#base/trace.ts';
import type { LayerRun } from '#lab/layers/run.ts';
import { stretchWords } from '#ui/clock/clockWords.ts';
import {
  type ClockLane,
  type ClockModel,
  inOrder,
  type Kind,
  type Stretch,
  stretchesOf,
} from '#ui/clock/stretch.ts';
import { formatFlops } from '#ui/format.ts';
import { COLLECTIVE_NAMES } from '../flow/flowWords.ts';
import type { SpanStep } from './stepSpans.ts';

type Steps = ReadonlyMap<Span, SpanStep>;

const WORDS: Readonly<Record<Kind, string>> = {
  upload: 'upload',
  product: 'product, attention',
  readback: 'readback',
  light: 'other operation',
  copy: 'ring copy',
  wait: 'wait',
};

const LANES: readonly ClockLane[] = [
  { name: 'device', label: 'device', height: 16 },
  { name: 'comm', label: 'ring', height: 12 },
  { name: 'wait', label: 'wait', height: 12 },
];

export function clockOf(
  { plan, spans, startMs, endMs }: Pick<LayerRun, 'plan' | 'spans' | 'startMs' | 'endMs'>,
  steps: Steps,
): ClockModel {
  const stretches = spans.flatMap((span) => stretchesOf(span, 'wait'));
  // One rank, and ranks on one device, send nothing: they would have lanes that stay empty.
  const lanes = stretches.some(({ lane }) => lane !== 'device') ? LANES : LANES.slice(0, 1);
  const isRing = spans.every((span) => span.kind !== 'collective' || span.algorithm === 'ring');
  return {
    worldSize: plan.worldSize,
    startMs,
    endMs,
    lanes: isRing ? lanes : lanes.map((lane) => (lane.name === 'comm' ? { ...lane, label: 'copy' } : lane)),
    stretches: inOrder(stretches, lanes),
    words: isRing ? WORDS : { ...WORDS, copy: 'copy from others' },
    describe: (stretch) => describe(stretch, steps, startMs),
    nameOf: (stretch) => nameOf(stretch, steps),
  };
}

/** The pass in one go, whose spans are of no step: what ran side by side lies one above the other. */
export function oneGoClock({ plan, oneGoSpans: spans }: Pick<LayerRun, 'plan' | 'oneGoSpans'>): ClockModel {
  return clockOf({ plan, spans, ...extentOf(spans) }, new Map());
}

/** "x·Wqᵀ (linear)", "all-reduce, reduce-scatter step 2", "all-reduce, wait in step 2", "all-reduce, readback". */
export function nameOf({ span, kind }: Stretch, steps: Steps): string {
  const step = steps.get(span)?.step;
  const name = spanName(span);
  if (step?.kind === 'op') return step.label === name ? name : `${step.label} (${name})`;
  const number = span.kind === 'step' ? ` step ${span.index + 1}` : '';
  const what = kind === 'wait' && span.kind === 'step' ? `wait in${number}` : `${name}${number}`;
  return step === undefined ? what : `${COLLECTIVE_NAMES[step.collective]}, ${what}`;
}

export function describe(stretch: Stretch, steps: Steps, originMs: number): string {
  const { span, kind, startMs, endMs } = stretch;
  const parts = stretchWords(stretch, nameOf(stretch, steps), originMs);
  if (kind === 'copy') parts.push(...rate(span.bytes, endMs - startMs, 'B/s'));
  parts.push(...rate(span.flops, endMs - startMs, 'FLOP/s'));
  return parts.join(', ');
}

/** What a span is called in an exported trace; absent where its own name says as much. */
export function traceLabels(steps: Steps): ReadonlyMap<Span, string> {
  const ops = [...steps].filter(([span, { step }]) => step.kind === 'op' && step.label !== spanName(span));
  return new Map(ops.map(([span, { step }]) => [span, step.kind === 'op' ? step.label : '']));
}

/** "4.3 GFLOP/s"; none where there is nothing to divide. */
function rate(amount: number | undefined, ms: number, unit: string): string[] {
  if (amount === undefined || amount === 0 || ms <= 0) return [];
  const [count = '', prefix = ''] = formatFlops((amount / ms) * 1000).split(' ');
  return [`${count} ${prefix}${unit}`];
}
