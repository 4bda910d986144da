/** Bars of a clock in words. */

import { formatBytes, formatFlops, formatMs } from '../format.ts';
import type { Bar } from './bars.ts';
import type { ClockModel, Stretch } from './stretch.ts';

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
