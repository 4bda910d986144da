/** What a span of a split product is, for the eye. */

import type { Span } from '../../../../base/trace.ts';
import type { SplitRun } from '../../../../lab/split/run.ts';
import { stretchWords } from '../../../clock/clockWords.ts';
import {
  type ClockModel,
  inOrder,
  type Kind,
  type Lane,
  type Stretch,
  stepStretches,
} from '../../../clock/stretch.ts';

const WORDS: Readonly<Record<Kind, string>> = {
  upload: 'upload',
  product: 'GEMM',
  readback: 'readback',
  light: 'bias',
  wait: 'wait',
  copy: 'ring copy',
};

/** Two lanes a rank: its device above, the ring below. */
const LANES: readonly Lane[] = [
  { name: 'device', label: null, height: 17 },
  { name: 'comm', label: null, height: 12 },
];

/** Null for a whole collective, whose steps say more, and for what the host does beside the device. */
export function kindOf(span: Span): Kind | null {
  if (span.call !== undefined || span.lane === 'host') return null;
  if (span.lane === 'comm') return 'copy';
  if (span.name === 'upload' || span.name === 'readback') return span.name;
  return span.name.startsWith('linear') ? 'product' : 'light';
}

export function stretchesOf(span: Span): Stretch[] {
  const kind = kindOf(span);
  if (kind === null) return [];
  if (kind === 'copy') return stepStretches(span, 'comm');
  return [{ span, kind, lane: 'device', startMs: span.startMs, endMs: span.endMs }];
}

export function clockOf({ plan, spans, startMs, endMs }: SplitRun): ClockModel {
  return {
    worldSize: plan.config.worldSize,
    startMs,
    endMs,
    lanes: LANES,
    stretches: inOrder(spans.flatMap(stretchesOf), LANES),
    words: WORDS,
    describe: (stretch) => describe(stretch, startMs),
    nameOf,
  };
}

/** @param originMs when the run began */
export function describe(stretch: Stretch, originMs: number): string {
  const { span, kind } = stretch;
  const step = span.step === undefined ? '' : ` ring step ${span.step.index + 1}`;
  const name = kind === 'copy' || kind === 'light' ? span.name : WORDS[kind];
  const joint = kind === 'wait' ? ' in' : ',';
  return stretchWords(stretch, step === '' ? name : `${name}${joint}${step}`, originMs).join(', ');
}

function nameOf({ span, kind }: Stretch): string {
  const what = kind === 'light' || kind === 'copy' ? span.name : WORDS[kind];
  return span.step === undefined ? what : `${what}, step ${span.step.index + 1}`;
}
