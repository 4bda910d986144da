import { describe, expect, it } from 'vitest';
import type { Span } from '../../../../base/trace.ts';
import { barAt, barsOf } from './bars.ts';
import { describeBar } from './clockWords.ts';
import { kindOf, stretchesOf } from './spanKind.ts';
import { following, ticksOf, within, zoomed } from './timeAxis.ts';

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
const view = { startMs: 100, endMs: 110 };

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
      'gemm',
      'gemm',
      'readback',
      'bias',
      'bias',
    ]);
  });
});

describe('barsOf', () => {
  it('puts spans in their places', () => {
    const bars = barsOf([span(1, 'device', 'linear', 102, 106)], view, 500);
    expect(bars).toMatchObject([{ rank: 1, lane: 'device', kind: 'gemm', x: 100, width: 200 }]);
  });

  it('cuts off what is outside of the view', () => {
    const bars = barsOf(
      [span(0, 'device', 'linear', 90, 105), span(0, 'device', 'linear', 120, 130)],
      view,
      500,
    );
    expect(bars).toMatchObject([{ x: 0, width: 250 }]);
  });

  it('joins thousands of spans thinner than a pixel', () => {
    const spans = Array.from({ length: 5000 }, (_, i) =>
      span(0, 'comm', 'copy', 100 + i / 500, 100 + (i + 0.9) / 500),
    );
    const bars = barsOf(spans, view, 500);
    expect(bars.length).toBeLessThan(100);
    expect(bars.reduce((sum, bar) => sum + bar.stretches.length, 0)).toBe(5000);
  });

  it('is found under the pointer, thin ones with some grace', () => {
    const bars = barsOf(
      [span(0, 'device', 'linear', 101, 101.01), span(0, 'device', 'add', 103, 104)],
      view,
      500,
    );
    expect(barAt(bars, 0, 'device', 48)?.kind).toBe('gemm');
    expect(barAt(bars, 0, 'device', 175)?.kind).toBe('bias');
    expect(barAt(bars, 0, 'device', 100)).toBeUndefined();
    expect(barAt(bars, 1, 'device', 48)).toBeUndefined();
  });

  it('says what it is', () => {
    const [wait, copy] = barsOf([span(0, 'comm', 'all-gather', 100, 104, step(3))], view, 500);
    expect(wait && describeBar(wait, 100)).toBe(
      'rank 0: wait in ring step 3, 3.0 ms, from 0 ms to 3.0 ms, for rank 3',
    );
    expect(copy && describeBar(copy, 100)).toBe(
      'rank 0: all-gather, ring step 3, 1.0 ms, from 3.0 ms to 4.0 ms, chunk 1 of rank 3, 96 B',
    );
  });
});

describe('the axis', () => {
  it.each([
    [14.2, 8, ['0', '2', '4', '6', '8', '10', '12', '14']],
    [0.9, 5, ['0.0', '0.2', '0.4', '0.6', '0.8']],
    [0.0031, 4, ['0.000', '0.001', '0.002', '0.003']],
    [1200, 6, ['0', '200', '400', '600', '800', '1000', '1200']],
  ])('has round numbers over %f ms', (length, most, labels) => {
    expect(ticksOf({ startMs: 1000, endMs: 1000 + length }, 1000, most).map(({ label }) => label)).toEqual(
      labels,
    );
  });

  it('starts at the first round number of a zoomed view', () => {
    expect(ticksOf({ startMs: 103.3, endMs: 104.4 }, 100, 4).map(({ label }) => label)).toEqual([
      '3.5',
      '4.0',
    ]);
  });

  it('zooms about a time and stays inside of the whole', () => {
    const whole = { startMs: 0, endMs: 100 };
    expect(zoomed(whole, whole, 0.5, 50)).toEqual({ startMs: 25, endMs: 75 });
    expect(zoomed(whole, whole, 0.5, 10)).toEqual({ startMs: 0, endMs: 50 });
    expect(zoomed({ startMs: 0, endMs: 80 }, whole, 2, 10)).toEqual(whole);
    expect(within({ startMs: 90, endMs: 110 }, whole)).toEqual({ startMs: 80, endMs: 100 });
  });

  it('follows the cursor out of the view', () => {
    const whole = { startMs: 0, endMs: 100 };
    expect(following({ startMs: 0, endMs: 10 }, whole, 5)).toEqual({ startMs: 0, endMs: 10 });
    expect(following({ startMs: 0, endMs: 10 }, whole, 50)).toEqual({ startMs: 45, endMs: 55 });
  });
});
