import { afterAll, describe, expect, it } from 'vitest';
import { lengthOf, shardRanges } from '../math/ranges.ts';
import { Communicator } from './communicator.ts';
import { allocateGroup } from './memory.ts';
import type { ReduceOp } from './reduce.ts';
import { closeThreads, runRanks } from './testing/runRanks.ts';
import { type Case, inputs } from './testing/scripts.ts';
import type { Report } from './testing/work.ts';

afterAll(closeThreads);

const WORLD_SIZES = [1, 2, 3, 4, 5, 6, 7, 8];
/** A slot of 4 KiB makes 10 007 and more go through in many segments. */
const SMALL_WINDOW = { slotBytes: 4096 };
const lengthsFor = (n: number): number[] => [...new Set([0, 1, n - 1, 1000, 10_007])];

function combine(op: ReduceOp, a: number, b: number): number {
  switch (op) {
    case 'sum':
    case 'avg':
      return a + b;
    case 'product':
      return a * b;
    case 'min':
      return Math.min(a, b);
    case 'max':
      return Math.max(a, b);
    default:
      return op satisfies never;
  }
}

function reduced(n: number, length: number, op: ReduceOp, offset = 0): Float32Array {
  const total = inputs(offset, length);
  for (let rank = 1; rank < n; rank++) {
    const terms = inputs(rank + offset, length);
    for (let i = 0; i < length; i++) total[i] = combine(op, total[i] ?? 0, terms[i] ?? 0);
  }
  return op === 'avg' ? total.map((sum) => sum / n) : total;
}

const bytesOf = (data: Float32Array | undefined): Uint8Array =>
  new Uint8Array(data?.buffer ?? new ArrayBuffer(0));

/** As toEqual, which takes milliseconds for ten thousand elements. */
function expectSame(actual: Float32Array | undefined, expected: Float32Array): void {
  if (actual?.length === expected.length && actual.every((value, i) => Object.is(value, expected[i]))) return;
  expect(actual).toEqual(expected);
}

function resultsOf(reports: readonly Report[]): (readonly Float32Array[])[] {
  for (const report of reports)
    if (report.error !== null) throw new Error(`rank ${report.rank}: ${report.error.message}`);
  return reports.map((report) => report.results);
}

describe.each(WORLD_SIZES)('%i ranks', (n) => {
  it.each(['ring', 'one-shot', 'two-shot', 'auto'] as const)(
    'allReduce, %s, any length and op, in place or not, twice',
    async (algorithm) => {
      for (const length of lengthsFor(n)) {
        for (const op of ['sum', 'product', 'min', 'max', 'avg'] as const) {
          const inArena = length % 2 === 0;
          const reports = await runRanks(n, 'allReduce', { length, op, algorithm, inArena }, SMALL_WINDOW);
          for (const [first, second] of resultsOf(reports)) {
            expectSame(first, reduced(n, length, op));
            expectSame(second, reduced(n, length, op, 100));
          }
        }
      }
    },
  );

  it('allReduce gives every rank the same bits where the order of addition matters', async () => {
    for (const algorithm of ['ring', 'one-shot', 'two-shot'] as const) {
      for (const inArena of [false, true]) {
        const reports = await runRanks(
          n,
          'allReduceInexact',
          { length: 10_007, algorithm, inArena },
          SMALL_WINDOW,
        );
        const [first, ...rest] = resultsOf(reports).map(([result]) => result);
        expect(first?.length).toBe(10_007);
        for (const other of rest) expect(Buffer.compare(bytesOf(other), bytesOf(first))).toBe(0);
      }
    }
  });

  it('reduceScatter, balanced and with counts', async () => {
    for (const length of lengthsFor(n)) {
      const uneven = Array.from({ length: n }, (_, rank) => (rank === 0 ? length : 0));
      for (const counts of [undefined, uneven]) {
        const inArena = counts === undefined;
        const testCase: Partial<Case> = { length, op: 'sum', inArena, ...(counts && { counts }) };
        const expected = reduced(n, length, 'sum');
        const ranges = shardRanges(length, n);
        for (const [rank, [first, second]] of resultsOf(
          await runRanks(n, 'reduceScatter', testCase, SMALL_WINDOW),
        ).entries()) {
          const { start, end } = ranges[rank] ?? { start: 0, end: 0 };
          const own =
            counts === undefined
              ? expected.subarray(start, end)
              : rank === 0
                ? expected
                : new Float32Array(0);
          expectSame(first, own);
          expectSame(second, own);
        }
      }
    }
  });

  it('allGather, equal and uneven shards', async () => {
    for (const length of lengthsFor(n)) {
      const uneven = Array.from({ length: n }, (_, rank) => (rank * length) % 977);
      for (const counts of [undefined, uneven]) {
        const inArena = length % 2 === 0;
        const lengths = counts ?? Array.from({ length: n }, () => length);
        const expected = (offset: number): number[] =>
          lengths.flatMap((count, rank) => [...inputs(rank + offset, count)]);
        const testCase: Partial<Case> = { length, inArena, ...(counts && { counts }) };
        for (const [first, second] of resultsOf(await runRanks(n, 'allGather', testCase, SMALL_WINDOW))) {
          expectSame(first, Float32Array.from(expected(0)));
          expectSame(second, Float32Array.from(expected(100)));
        }
      }
    }
  });

  it('broadcast from every rank', async () => {
    for (const length of lengthsFor(n)) {
      for (const root of new Set([0, n - 1, n >> 1])) {
        const reports = await runRanks(n, 'broadcast', { length, root, inArena: root === 0 }, SMALL_WINDOW);
        for (const [first, second] of resultsOf(reports)) {
          expectSame(first, inputs(root, length));
          expectSame(second, inputs(root + 100, length));
        }
      }
    }
  });

  it('allToAll, in place or not', async () => {
    for (const length of lengthsFor(n)) {
      const ranges = shardRanges(length, n);
      for (const inArena of [false, true]) {
        const reports = await runRanks(n, 'allToAll', { length, inArena }, SMALL_WINDOW);
        for (const [rank, [first, second]] of resultsOf(reports).entries()) {
          const { start, end } = ranges[rank] ?? { start: 0, end: 0 };
          const expected = (offset: number): number[] =>
            Array.from({ length: n }, (_, from) => [
              ...inputs(from + offset, length).subarray(start, end),
            ]).flat();
          expectSame(first, Float32Array.from(expected(0)));
          expectSame(second, Float32Array.from(expected(100)));
        }
      }
    }
  });

  it('a mixture of collectives follows one another without barriers', async () => {
    const [first, ...rest] = resultsOf(await runRanks(n, 'mixture', { length: 60 }, SMALL_WINDOW));
    expect(first?.length).toBeGreaterThan(20);
    for (const other of rest) {
      expect(other).toHaveLength(first?.length ?? 0);
      for (const [i, data] of other.entries()) expectSame(data, first?.[i] ?? new Float32Array(0));
    }
  });

  it('send and recv, shorter and longer than a letter', async () => {
    for (const length of [0, 1, 100]) {
      for (const [rank, received] of resultsOf(await runRanks(n, 'sendRecv', { length })).entries()) {
        const peers = Array.from({ length: n }, (_, i) => i).filter((i) => i !== rank);
        expect(received).toEqual([...peers, ...peers].map((from) => inputs(from, length)));
      }
    }
    if (n === 1) return;
    for (const [data] of resultsOf(await runRanks(n, 'relay', { length: 10_007 }, { mailboxBytes: 1024 }))) {
      expectSame(data, inputs(0, 10_007));
    }
  });

  it('records every ring step, with bytes, wait and values', async () => {
    const length = 10 * n;
    const reports = await runRanks(n, 'allReduce', { length, algorithm: 'ring' }, { valuesPerStep: 4 });
    for (const report of reports) {
      const steps = report.spans.filter((span) => span.step !== undefined);
      const calls = report.spans.filter((span) => span.call !== undefined);
      expect(calls.map((span) => [span.name, span.call?.seq, span.bytes])).toEqual([
        ['all_reduce', 0, 4 * length],
        ['all_reduce', 1, 4 * length],
      ]);
      expect(steps).toHaveLength(2 * 2 * (n - 1));
      for (const span of steps) {
        const { waitMs = -1, before, received, after } = span.step ?? {};
        expect(span.endMs).toBeGreaterThanOrEqual(span.startMs);
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(span.endMs - span.startMs + 1e-3);
        expect(span.bytes).toBe(40);
        expect(after).toHaveLength(4);
        for (let i = 0; i < 4; i++) {
          const sum = (before?.[i] ?? Number.NaN) + (received?.[i] ?? Number.NaN);
          expect(after?.[i]).toBe(span.name === 'reduce-scatter' ? sum : received?.[i]);
        }
      }
    }
  });
});

it.each(['allGather', 'allToAll'] as const)(
  '%s in the arena copies nothing to a window and back',
  async (script) => {
    for (const inArena of [false, true]) {
      for (const { spans } of await runRanks(3, script, { length: 999, inArena })) {
        const copied = spans.filter(({ name }) => name.startsWith('copy')).map(({ bytes = 0 }) => bytes);
        const whole = 4 * 999 * (script === 'allGather' ? 3 : 1);
        if (!inArena) expect(Math.max(...copied)).toBe(whole);
        // A shard from elsewhere has to get to its place.
        else expect(copied).toEqual(script === 'allGather' ? [whole / 3, whole / 3] : []);
      }
    }
  },
);

it('a place for the result must have its length', async () => {
  const comm = new Communicator(allocateGroup(1), { rank: 0 });
  const [data, wrong] = [new Float32Array(3), new Float32Array(4)];
  const sentence = 'on rank 0 was given 4 floats for its result; it needs 3.';
  await expect(comm.allGather(data, undefined, wrong)).rejects.toThrow(`allGather ${sentence}`);
  await expect(comm.reduceScatter(data, 'sum', undefined, wrong)).rejects.toThrow(
    `reduceScatter ${sentence}`,
  );
  await expect(comm.allToAll(data, wrong)).rejects.toThrow(`allToAll ${sentence}`);
});

it('refuses an op and an algorithm that are none', async () => {
  const comm = new Communicator(allocateGroup(1), { rank: 0 });
  const data = new Float32Array(3);
  await expect(comm.allReduce(data, 'median' as ReduceOp)).rejects.toThrow('“median” is no reduction.');
  await expect(comm.allReduce(data, 'sum', { algorithm: 'tree' as 'ring' })).rejects.toMatchObject({
    code: 'input',
    message: '“tree” is no algorithm. Use auto, ring, one-shot, two-shot.',
  });
});

it('keeps the values of each ring step once, however many segments it goes through in', async () => {
  const options = { ...SMALL_WINDOW, valuesPerStep: 4 };
  for (const { spans } of await runRanks(3, 'allReduce', { length: 10_007, algorithm: 'ring' }, options)) {
    const steps = spans.flatMap(({ step }) => (step === undefined ? [] : [step]));
    expect(Math.max(...steps.map(({ segment }) => segment))).toBeGreaterThan(1);
    for (const { segment, before, received, after } of steps) {
      const lengths = [before, received, after].map((values) => values?.length);
      expect(lengths).toEqual(segment === 0 ? [4, 4, 4] : [undefined, undefined, undefined]);
    }
  }
});

it('chunks larger than the default window go through too', async () => {
  const length = 1_000_003;
  for (const [first] of resultsOf(await runRanks(3, 'allReduce', { length, algorithm: 'ring' }))) {
    expectSame(first, reduced(3, length, 'sum'));
    expect(lengthOf({ start: 0, end: first?.length ?? 0 })).toBe(length);
  }
});
