import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { version } from '../../package.json';
import type { OpSpan, Span } from '../base/trace.ts';
import { runRanks } from '../comm/testing/runRanks.ts';
import { type ReadTrace, readTrace } from './perfetto/testing/checkTrace.ts';
import { toPerfetto, traceFileName } from './perfetto.ts';

function read(spans: readonly Span[], ranks: number, labels?: ReadonlyMap<Span, string>): ReadTrace {
  const about = {
    title: 'Attention on 4 ranks',
    date: new Date('2026-03-04T05:06:07Z'),
    userAgent: 'Chrome',
    devices: Array.from({ length: ranks }, () => ({ label: 'WASM SIMD, 1 thread' })),
    ...(labels && { labels }),
  };
  return readTrace(JSON.stringify(toPerfetto(spans, about)));
}

/** An epoch time as the ranks record it, to which doubles add about a quarter of a microsecond. */
const ORIGIN = 1_770_000_000_000;

function at(rank: number, from: number, to: number) {
  return { rank, startMs: ORIGIN + from, endMs: ORIGIN + to };
}

function op(rank: number, from: number, to: number, more: Partial<OpSpan> = {}): Span {
  return { kind: 'op', op: 'linear', ...at(rank, from, to), ...more };
}

const STEP = {
  kind: 'step',
  phase: 'reduce-scatter',
  seq: 0,
  index: 0,
  segment: 0,
  chunk: 2,
  bytes: 2e6,
} as const;

describe('one rank', () => {
  const product = op(0, 0.5, 2.5, { flops: 4e6, gpuMs: 1.5 });
  const call = {
    collective: 'all_reduce',
    algorithm: 'ring',
    root: 0,
    seq: 0,
    length: 24,
    bytes: 96,
  } as const;
  const trace = read(
    [
      product,
      { ...STEP, ...at(0, 3, 7), from: 1, waitMs: 3 },
      { kind: 'drain', ...at(0, 7, 8), seq: 0 },
      { kind: 'collective', ...at(0, 3, 8), ...call },
      { kind: 'host', ...at(0, 0, 9), name: 'numbers' },
    ],
    1,
    new Map([[product, 'Wq']]),
  );

  it('has its lanes as threads, named and in order', () => {
    expect(trace.problems).toEqual([]);
    expect([...trace.processes]).toEqual([[0, 'rank 0 · WASM SIMD, 1 thread']]);
    expect([...trace.threads]).toEqual([
      [100, 'device'],
      [200, 'comm'],
      [300, 'wait'],
      [400, 'host'],
    ]);
  });

  it('tells times since the first span, and what is known of each', () => {
    const found = trace.slices.find(({ name }) => name === 'Wq');
    expect(found).toMatchObject({ start: 500_000, end: 2_500_000 });
    expect(found?.args).toEqual({ operation: 'linear', flops: 4e6, gpuMs: 1.5, 'GFLOP/s': 2 });
  });

  it('shows the wait of a step on a thread of its own, and the copy within its collective', () => {
    const [wait, copy] = trace.slices.filter(({ args }) => args['step'] === 0);
    expect(wait).toMatchObject({ name: 'wait for rank 1', tid: 300, start: 3e6, end: 6e6 });
    expect(copy).toMatchObject({ name: 'reduce-scatter', tid: 200, start: 6e6, end: 7e6 });
    expect(copy?.args).toMatchObject({ bytes: 2e6, chunk: 2, from: 1, waitMs: 3, 'GB/s': 2 });
    const drain = trace.slices.find(({ name }) => name === 'wait until all is read');
    expect(drain).toMatchObject({ tid: 300, start: 7e6, end: 8e6, args: { seq: 0 } });
    expect(trace.slices.find(({ name }) => name === 'all_reduce')?.args).toEqual({
      bytes: 96,
      'GB/s': 96 / 5e6,
      algorithm: 'ring',
      elements: 24,
      seq: 0,
    });
  });
});

it('is a valid file without a span, and for spans that took no time', () => {
  expect(read([], 2)).toMatchObject({ problems: [], slices: [] });
  const none = read([op(0, 1, 1, { flops: 5 })], 1);
  expect(none.problems).toEqual([]);
  expect(none.slices[0]?.args).toEqual({ flops: 5 });
});

it('says what it is of', () => {
  const about = { title: 'MLP', userAgent: 'Chrome', devices: [] };
  const { otherData } = toPerfetto([], { ...about, date: new Date(0) });
  expect(otherData).toEqual({
    title: 'MLP',
    recorded: '1970-01-01T00:00:00.000Z',
    userAgent: 'Chrome',
    version: `Ringside ${version}`,
  });
});

it('has a file name of plain words', () => {
  expect(traceFileName('Attention 4 ranks')).toBe('ringside-attention-4-ranks.json');
});

it('is read by a checker that misses nothing', () => {
  const x = { ph: 'X', name: 'x', cat: 'device', pid: 0, tid: 1, ts: 0, dur: 2 };
  const arrow = { name: 'chunk', cat: 'ring', id: 0, pid: 0, tid: 1, ts: 1 };
  const problems = (...events: object[]): string[] => [
    ...readTrace(
      JSON.stringify({
        displayTimeUnit: 'ms',
        traceEvents: [
          { ph: 'M', name: 'process_name', pid: 0, tid: 1, args: { name: 'rank 0' } },
          { ph: 'M', name: 'thread_name', pid: 0, tid: 1, args: { name: 'device' } },
          x,
          ...events,
        ],
      }),
    ).problems,
  ];
  expect(problems()).toEqual([]);
  expect(problems({ ...arrow, ph: 's' }, { ...arrow, ph: 'f', bp: 'e' })).toEqual([]);
  expect(problems({ ...x, ts: 1 })[0]).toContain('overlaps');
  expect(problems({ ...x, ph: 'Z' })[0]).toContain('ph');
  expect(problems({ ...x, tid: 2 })[0]).toContain('has no name');
  expect(problems({ ...x, pid: 1, ts: 3 })[0]).toContain('another process');
  expect(problems({ ...x, ts: 3, args: { rate: null } })[0]).toContain('args');
  expect(problems({ ...arrow, ph: 's' })[0]).toContain('has no end');
  expect(problems({ ...arrow, ph: 's', ts: 3 }, { ...arrow, ph: 'f', bp: 'e' })[0]).toContain(
    'did not begin',
  );
  expect(problems({ ...arrow, ph: 's' }, { ...arrow, ph: 'f' })[0]).toContain('bp');
  expect(problems({ ...arrow, ph: 's', ts: 9 })[0]).toContain('no slice around');
});

describe('threads', () => {
  it('trims what overlaps by no more than rounding, and moves away what truly does', () => {
    const near = read([op(0, 0, 2), op(0, 1.9995, 3)], 1);
    expect(near.slices.map(({ tid }) => tid)).toEqual([100, 100]);
    const far = read([op(0, 0, 2), op(0, 1, 3)], 1);
    expect(far.slices.map(({ tid, start, end }) => [tid, start, end])).toEqual([
      [100, 0, 2e6],
      [101, 1e6, 3e6],
    ]);
    expect(far.threads.get(101)).toBe('device, at the same time');
  });

  it('nest or are apart, whatever the spans', () => {
    const time = fc.double({ min: 0, max: 1, noNaN: true });
    const coarse = fc.integer({ min: 0, max: 20 }).map((tick) => tick * 0.0005);
    const any = fc.record({
      rank: fc.nat(2),
      lane: fc.constantFrom('device', 'comm', 'host'),
      from: fc.oneof(time, coarse),
      took: fc.oneof(time, coarse),
      wait: fc.option(fc.double({ min: -0.1, max: 2, noNaN: true })),
    });
    const property = fc.property(fc.array(any, { maxLength: 30 }), (spans) => {
      const trace = read(
        spans.map(({ rank, lane, from, took, wait }, index): Span => {
          const time = at(rank, from, from + took);
          if (lane === 'device') return { kind: 'op', op: 'add', ...time };
          if (lane === 'host') return { kind: 'host', name: 'x', ...time };
          return wait === null
            ? { kind: 'window', direction: 'in', seq: 0, segment: index, bytes: 4, ...time }
            : { ...STEP, index, from: (rank + 1) % 3, waitMs: wait, ...time };
        }),
        3,
      );
      expect(trace.problems).toEqual([]);
      expect(trace.slices.length).toBeGreaterThanOrEqual(spans.length);
    });
    fc.assert(property, { numRuns: 500 });
  });
});

describe('arrows, of collectives that ran on threads', () => {
  /** From whom to whom, by rank and step; −1 is the loading. */
  const ends = ({ arrows }: ReadTrace): string[] =>
    arrows
      .map(({ from, to }) => `${from.pid}:${from.args['step'] ?? -1} → ${to.pid}:${to.args['step']}`)
      .sort();
  const spansOf = async (...args: Parameters<typeof runRanks>): Promise<Span[]> =>
    (await runRanks(...args))
      .flatMap((report) => report.spans)
      .filter((span) => !('seq' in span && span.seq === 1));

  it.each([true, false])(
    'of a ring lead from each step to the next rank’s next (in the arena: %s)',
    async (inArena) => {
      const trace = read(await spansOf(3, 'allReduce', { length: 30_000, algorithm: 'ring', inArena }), 3);
      const expected = [0, 1, 2].flatMap((rank) =>
        [0, 1, 2, 3].map((step) => `${(rank + 2) % 3}:${step - 1} → ${rank}:${step}`),
      );
      expect(trace.problems).toEqual([]);
      expect(ends(trace)).toEqual(expected.sort());
      for (const { from, to } of trace.arrows) expect(from.args['seq'] ?? 0).toBe(to.args['seq']);
    },
  );

  it.each([0.005, 0.1])('hold with clocks that tick every %f ms, as those of browsers', async (tick) => {
    const rounded = (ms: number): number => Math.floor(ms / tick) * tick;
    const spans = (await spansOf(3, 'allReduce', { length: 3000, algorithm: 'ring', inArena: true })).map(
      (one): Span => {
        const startMs = rounded(one.startMs);
        const time = { startMs, endMs: rounded(one.endMs) };
        if (one.kind !== 'step') return { ...one, ...time };
        return { ...one, ...time, waitMs: rounded(one.startMs + one.waitMs) - startMs };
      },
    );
    const trace = read(spans, 3);
    expect(trace.problems).toEqual([]);
    for (const end of ends(trace)) {
      const [, from, index, to, step] = /(\d):(-?\d) → (\d):(\d)/.exec(end) ?? [];
      expect([Number(from), Number(index)]).toEqual([(Number(to) + 2) % 3, Number(step) - 1]);
    }
  });

  it('of segments stay within their segment', async () => {
    const trace = read(
      await spansOf(2, 'allReduce', { length: 5000, algorithm: 'ring' }, { slotBytes: 2048 }),
      2,
    );
    expect(trace.problems).toEqual([]);
    const steps = trace.arrows.filter(({ from }) => from.args['step'] !== undefined);
    expect(new Set(steps.map(({ to }) => to.args['segment'])).size).toBeGreaterThan(2);
    for (const { from, to } of steps) expect(from.args['segment']).toBe(to.args['segment']);
  });

  it('of a two-shot sum lead from the owner’s last step to whoever reads its sum', async () => {
    const trace = read(await spansOf(3, 'allReduce', { length: 300, algorithm: 'two-shot' }), 3);
    expect(trace.problems).toEqual([]);
    expect(ends(trace).filter((end) => end.startsWith('0:1'))).toEqual(['0:1 → 1:2', '0:1 → 2:3']);
  });
});

it('of a broadcast lead from the root, which the collective tells', async () => {
  const spans = (await runRanks(3, 'broadcast', { length: 300, root: 1 })).flatMap((report) => report.spans);
  const { problems, arrows } = read(spans, 3);
  expect(problems).toEqual([]);
  const ends = arrows
    .filter(({ to }) => to.args['seq'] === 0)
    .map(({ from, to }) => [from.name, from.pid, to.pid]);
  expect(ends.sort()).toEqual([
    ['broadcast', 2, 0],
    ['copy in', 1, 2],
  ]);
});
