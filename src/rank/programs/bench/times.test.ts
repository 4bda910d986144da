import { expect, it } from 'vitest';
import type { Span } from '../../../base/trace.ts';
import { timesOf } from './times.ts';

const at = (startMs: number, endMs: number) => ({ rank: 0, startMs, endMs });
const SPANS: Span[] = [
  { ...at(0, 4), kind: 'op', op: 'linear' },
  { ...at(0, 6), kind: 'readback', bytes: 8 },
  { ...at(1, 7), kind: 'readback', bytes: 8 },
  { ...at(9, 10), kind: 'upload', bytes: 8 },
];

it('adds up what a rank does one by one', () => {
  expect(timesOf(SPANS, false)).toEqual({ computeMs: 4, commMs: 13, waitMs: 0 });
});

it('counts time in kernels once, where they were enqueued while others ran', () => {
  const kernels: Span[] = [
    { ...at(0, 4), kind: 'op', op: 'linear' },
    { ...at(1, 6), kind: 'op', op: 'linear' },
    { ...at(8, 9), kind: 'batch', ops: [] },
  ];
  expect(timesOf(kernels, false)).toEqual({ computeMs: 7, commMs: 0, waitMs: 0 });
});

it('counts no copy twice, and none while another rank computes, where all share a device', () => {
  expect(timesOf(SPANS, true)).toEqual({ computeMs: 4, commMs: 4, waitMs: 0 }); // from 4 to 7, and from 9 to 10
});

it('takes the wait out of a step', () => {
  const step = {
    phase: 'reduce-scatter',
    seq: 0,
    index: 0,
    segment: 0,
    from: 1,
    chunk: 0,
    bytes: 8,
  } as const;
  expect(timesOf([{ ...at(2, 5), ...step, kind: 'step', waitMs: 1 }], false)).toEqual({
    computeMs: 0,
    commMs: 2,
    waitMs: 1,
  });
});
