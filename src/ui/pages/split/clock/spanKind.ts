/** What a span of a split product is, for the eye. */

import { type Span, spanName } from '#base/trace.ts';
import type { SplitRun } from '#lab/split/run.ts';
import { stretchWords } from '#ui/clock/clockWords.ts';
import {
  type ClockLane,
  type ClockModel,
  inOrder,
  type Kind,
  type Stretch,
  stretchesOf,
} from '#ui/clock/stretch.ts';

const WORDS: Readonly<Record<Kind, string>> = {
  upload: 'upload',
  product: 'GEMM',
  readback: 'readback',
  light: 'bias',
  wait: 'wait',
  copy: 'ring copy',
};

/** Two lanes a rank: its device above, the ring below. */
const LANES: readonly ClockLane[] = [
  { name: 'device', label: null, height: 17 },
  { name: 'comm', label: null, height: 12 },
];

export function clockOf({ plan, spans, startMs, endMs }: SplitRun): ClockModel {
  return {
    worldSize: plan.config.worldSize,
    startMs,
    endMs,
    lanes: LANES,
    stretches: inOrder(spans.flatMap(partsOf), LANES),
    words: WORDS,
    describe: (stretch) => describe(stretch, startMs),
    nameOf,
  };
}

/** Without the waits for others to read: ring steps alone are what the page tells of. */
function partsOf(span: Span): Stretch[] {
  return span.kind === 'drain' ? [] : stretchesOf(span, 'comm');
}

/** @param originMs when the run began */
export function describe(stretch: Stretch, originMs: number): string {
  const { span, kind } = stretch;
  const step = span.kind === 'step' ? ` ring step ${span.index + 1}` : '';
  const name = kind === 'copy' || kind === 'light' ? spanName(span) : WORDS[kind];
  const joint = kind === 'wait' ? ' in' : ',';
  return stretchWords(stretch, step === '' ? name : `${name}${joint}${step}`, originMs).join(', ');
}

function nameOf({ span, kind }: Stretch): string {
  const what = kind === 'light' || kind === 'copy' ? spanName(span) : WORDS[kind];
  return span.kind === 'step' ? `${what}, step ${span.index + 1}` : what;
}
