/** The step that the page shows, on the clock. */

import type { Span } from '#base/trace.ts';
import type { LayerRun } from '#lab/layers/run.ts';
import { type PlannedStep, stepsOf } from '#program/plan.ts';
import type { TimeView } from '#ui/clock/timeAxis.ts';
import { formatMs } from '#ui/format.ts';
import { COLLECTIVE_NAMES } from '../flow/flowWords.ts';
import type { SpanStep } from './stepSpans.ts';

export interface LayerMoment {
  /** From the first rank's start to the last one's end; the end of the run where no step is shown, or it left no span. */
  readonly cursor: TimeView;
  /** The spans of the step on all ranks; null where none are to be set off. */
  readonly lit: ReadonlySet<Span> | null;
  readonly label: string;
}

export const HINT =
  'Point at a bar to see what it is; click it to go to its step. Mark a stretch of time to zoom in, or use Ctrl or ⌘ and the wheel.';

/** @param at as in LayersState */
export function clockMoment(run: LayerRun, steps: ReadonlyMap<Span, SpanStep>, at: number): LayerMoment {
  const step = stepsOf(run.plan)[at];
  const end = { startMs: run.endMs, endMs: run.endMs };
  if (step === undefined) return { cursor: end, lit: null, label: HINT };
  const spans = [...steps].filter(([, { index }]) => index === at).map(([span]) => span);
  if (spans.length === 0) return { cursor: end, lit: null, label: `${nameOfStep(step)}: no rank did it` };
  const cursor = {
    startMs: Math.min(...spans.map((span) => span.startMs)),
    endMs: Math.max(...spans.map((span) => span.endMs)),
  };
  const from = formatMs(cursor.startMs - run.startMs);
  const took = formatMs(cursor.endMs - cursor.startMs);
  const label = `${nameOfStep(step)}: from ${from}, ${took} from the first rank’s start to the last one’s end`;
  return { cursor, lit: new Set(spans), label };
}

function nameOfStep(step: PlannedStep): string {
  return step.kind === 'op' ? step.label : COLLECTIVE_NAMES[step.collective];
}
