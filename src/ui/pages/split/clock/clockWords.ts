/** A bar of the clock in words. */

import { formatBytes, formatFlops, formatMs } from '../../../format.ts';
import type { Bar } from './bars.ts';
import { KIND_WORDS, type Stretch } from './spanKind.ts';

export function describeBar(bar: Bar, originMs: number): string {
  const [first] = bar.stretches;
  if (first === undefined) return '';
  if (bar.stretches.length === 1) return `rank ${bar.rank}: ${describe(first, originMs)}`;
  const total = bar.stretches.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const start = formatMs(first.startMs - originMs);
  return `rank ${bar.rank}: ${bar.stretches.length} × ${KIND_WORDS[bar.kind]} from ${start}, together ${formatMs(total)}`;
}

function describe({ span, kind, startMs, endMs }: Stretch, originMs: number): string {
  const parts = [`${nameOf(span.name, kind, span.step?.index)}, ${formatMs(endMs - startMs)}`];
  parts.push(`from ${formatMs(startMs - originMs)} to ${formatMs(endMs - originMs)}`);
  if (kind === 'wait' && span.step !== undefined) parts.push(`for rank ${span.step.from}`);
  if (kind === 'copy' && span.step !== undefined)
    parts.push(`chunk ${span.step.chunk} of rank ${span.step.from}`);
  if (kind !== 'wait' && span.bytes !== undefined) parts.push(formatBytes(span.bytes));
  if (span.flops !== undefined) parts.push(`${formatFlops(span.flops)} FLOP`);
  if (span.gpuMs !== undefined) parts.push(`${formatMs(span.gpuMs)} by the GPU’s clock`);
  return parts.join(', ');
}

function nameOf(name: string, kind: Stretch['kind'], step: number | undefined): string {
  if (kind === 'wait') return step === undefined ? 'wait' : `wait in ring step ${step + 1}`;
  if (kind === 'copy') return step === undefined ? name : `${name}, ring step ${step + 1}`;
  return kind === 'bias' ? name : KIND_WORDS[kind];
}
