/** What of a conversation is in the trace that Perfetto opens. */

import { expect, it } from 'vitest';
import type { Span } from '../../base/trace.ts';
import type { RecordedPass, Spent } from '../../protocol.ts';
import { readTrace } from '../perfetto/testing/checkTrace.ts';
import { toPerfetto } from '../perfetto.ts';
import { grown, tokenOf, turnOf } from './conversation.ts';
import type { ShownToken } from './state.ts';
import { timelineOf } from './timeline.ts';

const spentAt = (startMs: number, shared = false): Spent => ({
  startMs,
  ms: 4,
  shared,
  computeMs: 1,
  readbackMs: 0,
  ringMs: 0.5,
  waitMs: 2,
  readBytes: 0,
  readbackBytes: 0,
  collectives: [],
});
/** Rank 1 begins a millisecond later. */
const written = (text: string, startMs: number, shared = false): ShownToken => ({
  ...tokenOf(1, text),
  spent: [spentAt(startMs, shared), spentAt(startMs + 1, shared)],
});
const pass = (rank: number, startMs: number, prefill = false): RecordedPass => {
  const endMs = startMs + 4;
  const product: Span = { rank, startMs, endMs: startMs + 1, kind: 'op', op: 'linear' };
  return { prefill, tokens: prefill ? 7 : 1, startMs, endMs, spans: [product] };
};
const textOf = (tokens: readonly ShownToken[]) => grown([turnOf('ab', [])], tokens);

it('has every token on each rank, and of passes that are still there what was done in them', () => {
  const turns = textOf([written('c', 10), tokenOf(2, 'chosen', true), written('d', 20)]);
  const passes = [
    pass(0, 0, true), // of a text that is gone
    pass(0, 5),
    pass(0, 15, true),
    pass(0, 20),
    pass(0, 30),
  ];
  const { spans, labels } = timelineOf(turns, [passes, []]);
  const own = spans.filter(({ rank }) => rank === 0);
  expect(own.map((span) => [span.kind, span.startMs, labels.get(span)])).toEqual([
    ['host', 15, undefined],
    ['host', 10, '1 “c”, compute 1.000 ms, readback 0.000 ms, ring 0.500 ms, wait 2.000 ms'],
    ['host', 20, '2 “d”'],
    ['op', 15, undefined],
    ['op', 20, undefined],
  ]);
  expect(own[0]).toMatchObject({ name: 'prefill of 7' });
  const other = spans.filter(({ rank }) => rank === 1);
  expect(other.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
    [11, 15],
    [21, 25],
  ]);
});

it('gives what the device of all ranks did a process of its own', () => {
  const turns = textOf([written('c', 10, true)]);
  const { spans, labels } = timelineOf(turns, [[pass(0, 10)], []]);
  expect(spans.map(({ kind, rank }) => [kind, rank])).toEqual([
    ['host', 0],
    ['op', 2],
    ['host', 1],
  ]);
  const trace = toPerfetto(spans, {
    title: '',
    date: new Date(0),
    userAgent: '',
    devices: [{ label: 'GPU' }, { label: 'GPU' }],
    shared: { label: 'GPU' },
    labels,
  });
  const { processes } = readTrace(JSON.stringify(trace));
  expect(processes).toEqual(
    new Map([
      [0, 'rank 0 · GPU'],
      [1, 'rank 1 · GPU'],
      [2, 'the device of all ranks · GPU'],
    ]),
  );
});

it('is empty where nothing was run', () => {
  expect(timelineOf([turnOf('a', [])], []).spans).toEqual([]);
});
