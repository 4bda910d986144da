import { expect, it } from 'vitest';
import type { Span } from '../../../base/trace.ts';
import { spentOf } from './spent.ts';

const at = (startMs: number, endMs: number) => ({ rank: 0, startMs, endMs });

it('adds up what a rank did, and takes the rest of its collectives for waiting', () => {
  const collective = {
    collective: 'all_reduce',
    algorithm: 'one-shot',
    root: 0,
    length: 2,
    bytes: 8,
  } as const;
  const step = {
    phase: 'reduce-scatter',
    seq: 0,
    index: 0,
    segment: 0,
    from: 1,
    chunk: 0,
    bytes: 8,
  } as const;
  const spans: Span[] = [
    { ...at(0, 3), kind: 'op', op: 'linear' },
    { ...at(3, 4), kind: 'readback', bytes: 8 },
    { ...at(4, 5), kind: 'drain', seq: 0 },
    { ...at(5, 6), kind: 'window', direction: 'in', seq: 0, segment: 0, bytes: 8 },
    { ...at(6, 10), ...step, kind: 'step', waitMs: 3.5 },
    { ...at(4, 12), ...collective, kind: 'collective', seq: 0 },
    { ...at(12, 14), kind: 'upload', bytes: 8 },
  ];
  expect(spentOf(spans, { startMs: 0, ms: 15 })).toEqual({
    startMs: 0,
    ms: 15,
    shared: false,
    computeMs: 3,
    readbackMs: 3,
    ringMs: 1.5,
    waitMs: 6.5,
    readBytes: 8,
    readbackBytes: 8,
    collectives: [{ kind: 'all_reduce', bytes: 8 }],
  });
});
