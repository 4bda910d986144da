import { expect, it } from 'vitest';
import { extentOf, Recorder, type TraceChoice, traceProblem } from './trace.ts';

function recorded(trace: TraceChoice, count: number): Recorder {
  const recorder = new Recorder(3, { trace });
  for (let i = 0; i < count; i++) recorder.add({ kind: 'host', name: 'test', startMs: i, endMs: i + 1 });
  return recorder;
}

const starts = (recorder: Recorder, mark = 0) => recorder.since(mark).map(({ startMs }) => startMs);

it('keeps nothing, everything, or the last spans', () => {
  expect(recorded('off', 10).take()).toEqual({ spans: [], dropped: 0 });
  const all = recorded('all', 120_000).take();
  expect([all.spans.length, all.dropped, all.spans[0]?.rank]).toEqual([120_000, 0, 3]);
  for (const count of [0, 1, 99, 100, 101, 199, 200, 201, 12_345]) {
    const { spans, dropped } = recorded({ last: 100 }, count).take();
    expect([spans.length, dropped]).toEqual([Math.min(100, count), Math.max(0, count - 100)]);
    expect(spans.at(-1)?.startMs).toBe(count === 0 ? undefined : count - 1);
  }
});

it('bounds the memory of a run of any length', () => {
  const recorder = recorded({ last: 100 }, 1_000_000);
  expect(recorder.since(0).length).toBeLessThan(200);
  expect(recorder.length).toBe(1_000_000);
});

it('finds what came after a mark, as far as it is there', () => {
  const recorder = recorded({ last: 10 }, 25);
  expect(starts(recorder, 23)).toEqual([23, 24]);
  expect(starts(recorder, 25)).toEqual([]);
  expect(starts(recorder, 0).at(-1)).toBe(24);
});

it('may be changed by a program on its way', () => {
  const recorder = recorded('all', 5);
  recorder.trace = 'off';
  recorder.add({ kind: 'host', name: 'unseen', startMs: 0, endMs: 1 });
  recorder.trace = { last: 2 };
  recorder.add({ kind: 'host', name: 'seen', startMs: 5, endMs: 6 });
  expect(recorder.take()).toMatchObject({ spans: [{ startMs: 4 }, { name: 'seen' }], dropped: 4 });
});

it('spans from the first start to the last end, however many there are', () => {
  expect(extentOf(recorded('all', 500_000).take().spans)).toEqual({ startMs: 0, endMs: 500_000 });
});

it('refuses what is no choice', () => {
  for (const trace of ['off', 'all', { last: 1 }]) expect(traceProblem(trace)).toBeNull();
  for (const trace of ['on', true, null, undefined, {}, { last: 0 }, { last: 1.5 }, { last: '9' }]) {
    expect(traceProblem(trace)).toMatch(/^trace is .*; it must be “off”, “all” or/);
  }
});
