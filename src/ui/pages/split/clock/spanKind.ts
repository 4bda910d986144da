/** What a span is, for the eye: the clock and the chart of times tell these apart. */

import type { Span } from '../../../../base/trace.ts';

export type SpanKind = 'upload' | 'gemm' | 'readback' | 'bias' | 'wait' | 'copy';

export const KIND_WORDS: Readonly<Record<SpanKind, string>> = {
  upload: 'upload',
  gemm: 'GEMM',
  readback: 'readback',
  bias: 'bias',
  wait: 'wait',
  copy: 'ring copy',
};

/** A stretch of a span that is one thing: a ring step is a wait and then a copy. */
export interface Stretch {
  readonly span: Span;
  readonly kind: SpanKind;
  readonly startMs: number;
  readonly endMs: number;
}

/** Null for a whole collective, whose steps say more, and for what the host does beside the device. */
export function kindOf(span: Span): SpanKind | null {
  if (span.call !== undefined || span.lane === 'host') return null;
  if (span.lane === 'comm') return 'copy';
  if (span.name === 'upload' || span.name === 'readback') return span.name;
  return span.name.startsWith('linear') ? 'gemm' : 'bias';
}

export function stretchesOf(span: Span): Stretch[] {
  const kind = kindOf(span);
  if (kind === null) return [];
  const { startMs, endMs } = span;
  const waited = Math.min(endMs, startMs + (span.step?.waitMs ?? 0));
  if (waited === startMs) return [{ span, kind, startMs, endMs }];
  return [
    { span, kind: 'wait', startMs, endMs: waited },
    { span, kind, startMs: waited, endMs },
  ];
}
