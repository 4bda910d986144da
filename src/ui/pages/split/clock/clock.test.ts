import { describe, expect, it } from 'vitest';
import type { Span } from '#base/trace.ts';
import type { SplitRun } from '#lab/split/run.ts';
import { barsOf } from '#ui/clock/bars.ts';
import { describeBar } from '#ui/clock/clockWords.ts';
import { clockOf } from './spanKind.ts';

describe('clockOf', () => {
  it('says what a bar is', () => {
    const place = { seq: 0, index: 2, segment: 0, from: 3, chunk: 1 };
    const at = { rank: 0, startMs: 100, endMs: 104 };
    const spans: Span[] = [
      { kind: 'step', phase: 'all-gather', ...at, ...place, bytes: 96, waitMs: 3 },
      { kind: 'drain', rank: 0, startMs: 104, endMs: 105, seq: 0 },
      { kind: 'op', op: 'linear', rank: 1, startMs: 104, endMs: 106, flops: 2e6, gpuMs: 1 },
    ];
    const run = { plan: { config: { worldSize: 2 } }, spans, startMs: 100, endMs: 110 };
    const model = clockOf(run as unknown as SplitRun);
    const bars = barsOf(model.stretches, model, 500);
    expect(bars.map((bar) => describeBar(model, bar))).toEqual([
      'rank 0: wait in ring step 3, 3.0 ms, from 0 ms to 3.0 ms, for rank 3',
      'rank 0: all-gather, ring step 3, 1.0 ms, from 3.0 ms to 4.0 ms, chunk 1 of rank 3, 96 B',
      'rank 1: GEMM, 2.0 ms, from 4.0 ms to 6.0 ms, 2 M FLOP, 1.0 ms by the GPU’s clock',
    ]);
    expect(model.stretches.map(model.nameOf)).toEqual(['wait, step 3', 'all-gather, step 3', 'GEMM']);
  });
});
