/** Bars and moments of a clock in words. */

import { extentOf, type Span } from '#base/trace.ts';
import { formatBytes, formatFlops, formatMs } from '../format.ts';
import type { Bar } from './bars.ts';
import type { ClockModel, Stretch } from './stretch.ts';
import type { TimeView } from './timeAxis.ts';

export function describeBar({ words, startMs, describe }: ClockModel, bar: Bar): string {
  const [first] = bar.stretches;
  if (first === undefined) return '';
  if (bar.stretches.length === 1) return `rank ${bar.rank}: ${describe(first)}`;
  const total = bar.stretches.reduce((sum, stretch) => sum + stretch.endMs - stretch.startMs, 0);
  const start = formatMs(first.startMs - startMs);
  return `rank ${bar.rank}: ${bar.stretches.length} × ${words[bar.kind]} from ${start}, together ${formatMs(total)}`;
}

/** What there is to say of any stretch, in parts. */
export function stretchWords(
  { span, kind, startMs, endMs }: Stretch,
  name: string,
  originMs: number,
): string[] {
  const parts = [`${name}, ${formatMs(endMs - startMs)}`];
  parts.push(`from ${formatMs(startMs - originMs)} to ${formatMs(endMs - originMs)}`);
  if (span.kind === 'step')
    parts.push(kind === 'wait' ? `for rank ${span.from}` : `chunk ${span.chunk} of rank ${span.from}`);
  if (kind !== 'wait' && span.bytes !== undefined) parts.push(formatBytes(span.bytes));
  if (span.flops !== undefined) parts.push(`${formatFlops(span.flops)} FLOP`);
  if (span.gpuMs !== undefined) parts.push(`${formatMs(span.gpuMs)} by the GPU’s clock`);
  return parts;
}

/** What the page shows of a run, on its clock. */
export interface ClockMoment {
  /** From the first rank's start to the last one's end; the end of the run where no rank left a span of it. */
  readonly cursor: TimeView;
  /** Its spans on all ranks, to be set off; null where none are. */
  readonly lit: ReadonlySet<Span> | null;
  /** What is said while no bar is pointed at. */
  readonly label: string;
}

/** @param without what is said where there are no spans */
export function momentOnClock(
  run: TimeView,
  spans: readonly Span[],
  name: string,
  without: string,
): ClockMoment {
  if (spans.length === 0) {
    return { cursor: { startMs: run.endMs, endMs: run.endMs }, lit: null, label: without };
  }
  const cursor = extentOf(spans);
  const from = formatMs(cursor.startMs - run.startMs);
  const took = formatMs(cursor.endMs - cursor.startMs);
  const label = `${name}: from ${from}, ${took} from the first rank’s start to the last one’s end`;
  return { cursor, lit: new Set(spans), label };
}
