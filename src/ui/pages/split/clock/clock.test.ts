import { describe, expect, it } from 'vitest';
import type { Span } from '../../../../base/trace.ts';
import type { SplitRun } from '../../../../lab/split/run.ts';
import { barsOf } from '../../../clock/bars.ts';
import { describeBar } from '../../../clock/clockWords.ts';
import { clockOf, kindOf, stretchesOf } from './spanKind.ts';

const span = (
  rank: number,
  lane: Span['lane'],
  name: string,
  startMs: number,
  endMs: number,
  more = {},
): Span => ({
  rank,
  lane,
  name,
  startMs,
  endMs,
  ...more,
});
const step = (waitMs: number) => ({
  step: { seq: 0, index: 2, segment: 0, from: 3, chunk: 1, waitMs },
  bytes: 96,
});

describe('stretchesOf', () => {
  it('cuts a ring step into its wait and its copy', () => {
    const found = stretchesOf(span(0, 'comm', 'reduce-scatter', 100, 104, step(3)));
    expect(found.map(({ kind, startMs, endMs }) => [kind, startMs, endMs])).toEqual([
      ['wait', 100, 103],
      ['copy', 103, 104],
    ]);
  });

  it('leaves out whole collectives and the host', () => {
    const call = { call: { seq: 0, algorithm: 'ring', length: 96 } };
    expect(stretchesOf(span(0, 'comm', 'all_reduce', 0, 9, call))).toEqual([]);
    expect(stretchesOf(span(0, 'host', 'plan', 0, 9))).toEqual([]);
  });

  it('knows the kinds of device work', () => {
    const kinds = ['upload', 'linear', 'linear ×2, add', 'readback', 'add', 'compile'];
    expect(kinds.map((name) => kindOf(span(0, 'device', name, 0, 1)))).toEqual([
      'upload',
      'product',
      'product',
      'readback',
      'light',
      'light',
    ]);
  });
});

describe('clockOf', () => {
  it('says what a bar is', () => {
    const spans = [
      span(0, 'comm', 'all-gather', 100, 104, step(3)),
      span(1, 'device', 'linear', 104, 106, { flops: 2e6, gpuMs: 1 }),
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
