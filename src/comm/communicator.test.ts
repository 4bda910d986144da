import { afterAll, describe, expect, it } from 'vitest';
import { REDUCE_OPS, type ReduceOp } from '../collectives/kinds.ts';
import { allocateGroup } from '../group/memory.ts';
import { consecutiveRanges, lengthOf, shardRanges } from '../numerics/ranges.ts';
import { Communicator } from './communicator.ts';
import { combine } from './testing/combine.ts';
import { closeThreads, runRanks } from './testing/runRanks.ts';
import { type Case, inputs } from './testing/scripts.ts';
import type { Report, ScriptName } from './testing/work.ts';

afterAll(closeThreads);

const WORLD_SIZES = [1, 2, 3, 4, 5, 6, 7, 8];
/** A slot of 4 KiB makes 10 007 and more go through in many segments. */
const SMALL_WINDOW = { slotBytes: 4096 };
const lengthsFor = (n: number): number[] => [...new Set([0, 1, n - 1, 1000, 10_007])];

function reduced(n: number, length: number, op: ReduceOp, offset = 0): Float32Array {
  const total = inputs(offset, length);
  for (let rank = 1; rank < n; rank++) {
    const terms = inputs(rank + offset, length);
    for (let i = 0; i < length; i++) total[i] = combine(op, total[i] ?? 0, terms[i] ?? 0);
  }
  return op === 'avg' ? total.map((sum) => sum / n) : total;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => [...part]));
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

/** Runs cases whose script returns two results, and holds both on each rank against what is expected of it. */
async function expectPairs(
  n: number,
  script: ScriptName,
  cases: readonly Partial<Case>[],
  expected: (testCase: Partial<Case>, offset: 0 | 100) => (rank: number) => Float32Array,
): Promise<void> {
  const results = resultsOf(await runRanks(n, script, cases, SMALL_WINDOW));
  for (const [i, testCase] of cases.entries()) {
    const [first, second] = [expected(testCase, 0), expected(testCase, 100)];
    for (const [rank, ofRank] of results.entries()) {
      expectSame(ofRank[2 * i], first(rank));
      expectSame(ofRank[2 * i + 1], second(rank));
    }
  }
}

describe.each(WORLD_SIZES)('%i ranks', (n) => {
  it.each(['ring', 'one-shot', 'two-shot', 'auto'] as const)(
    'allReduce, %s, any length and op, in place or not, twice',
    async (algorithm) => {
      const cases = lengthsFor(n).flatMap((length) =>
        REDUCE_OPS.map((op) => ({ length, op, algorithm, inArena: length % 2 === 0 })),
      );
      await expectPairs(n, 'allReduce', cases, ({ length = 0, op = 'sum' }, offset) => {
        const sum = reduced(n, length, op, offset);
        return () => sum;
      });
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
    const cases = lengthsFor(n).flatMap((length): Partial<Case>[] => [
      { length, inArena: true },
      { length, inArena: false, counts: Array.from({ length: n }, (_, rank) => (rank === 0 ? length : 0)) },
    ]);
    await expectPairs(n, 'reduceScatter', cases, ({ length = 0, counts }) => {
      const sum = reduced(n, length, 'sum');
      const ranges = counts === undefined ? shardRanges(length, n) : consecutiveRanges(counts);
      return (rank) => sum.subarray(ranges[rank]?.start, ranges[rank]?.end);
    });
  });

  it('allGather, equal and uneven shards', async () => {
    const cases = lengthsFor(n).flatMap((length): Partial<Case>[] => [
      { length, inArena: length % 2 === 0 },
      {
        length,
        inArena: length % 2 === 0,
        counts: Array.from({ length: n }, (_, rank) => (rank * length) % 977),
      },
    ]);
    await expectPairs(n, 'allGather', cases, ({ length = 0, counts }, offset) => {
      const lengths = counts ?? Array.from({ length: n }, () => length);
      const all = joined(lengths.map((count, rank) => inputs(rank + offset, count)));
      return () => all;
    });
  });

  it('broadcast from every rank', async () => {
    const roots = [...new Set([0, n - 1, n >> 1])];
    const cases = lengthsFor(n).flatMap((length) =>
      roots.map((root) => ({ length, root, inArena: root === 0 })),
    );
    await expectPairs(n, 'broadcast', cases, ({ length = 0, root = 0 }, offset) => {
      const data = inputs(root + offset, length);
      return () => data;
    });
  });

  it('allToAll, in place or not', async () => {
    const cases = lengthsFor(n).flatMap((length) => [false, true].map((inArena) => ({ length, inArena })));
    await expectPairs(n, 'allToAll', cases, ({ length = 0 }, offset) => {
      const ranges = shardRanges(length, n);
      const all = Array.from({ length: n }, (_, from) => inputs(from + offset, length));
      return (rank) => joined(all.map((data) => data.subarray(ranges[rank]?.start, ranges[rank]?.end)));
    });
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
      const steps = report.spans.filter((span) => span.kind === 'step');
      const calls = report.spans.filter((span) => span.kind === 'collective');
      expect(calls.map((span) => [span.collective, span.seq, span.bytes])).toEqual([
        ['all_reduce', 0, 4 * length],
        ['all_reduce', 1, 4 * length],
      ]);
      expect(steps).toHaveLength(2 * 2 * (n - 1));
      for (const span of steps) {
        const { waitMs, before, received, after } = span;
        expect(span.endMs).toBeGreaterThanOrEqual(span.startMs);
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(span.endMs - span.startMs + 1e-3);
        expect(span.bytes).toBe(40);
        expect(after).toHaveLength(4);
        for (let i = 0; i < 4; i++) {
          const sum = (before?.[i] ?? Number.NaN) + (received?.[i] ?? Number.NaN);
          expect(after?.[i]).toBe(span.phase === 'reduce-scatter' ? sum : received?.[i]);
        }
      }
    }
  });
});

it.each([true, false])(
  'tells of what lies within each collective, drains too (in the arena: %s)',
  async (inArena) => {
    const reports = await runRanks(3, 'allReduce', { length: 100_000, algorithm: 'ring', inArena });
    expect(reports.map(({ error }) => error)).toEqual([null, null, null]);
    const spans = reports.flatMap((report) => report.spans);
    for (const span of spans) {
      if (!('seq' in span)) continue;
      const call = spans.find(
        ({ rank, ...one }) => one.kind === 'collective' && rank === span.rank && one.seq === span.seq,
      );
      expect(span.startMs).toBeGreaterThanOrEqual(call?.startMs ?? Number.NaN);
      expect(span.endMs).toBeLessThanOrEqual(call?.endMs ?? Number.NaN);
    }
    // A rank's data in the arena may be changed as soon as the collective returns: so it waits for its readers then.
    if (inArena) expect(spans.some(({ kind }) => kind === 'drain')).toBe(true);
  },
);

it.each(['allGather', 'allToAll'] as const)(
  '%s in the arena copies nothing to a window and back',
  async (script) => {
    for (const inArena of [false, true]) {
      for (const { spans } of await runRanks(3, script, { length: 999, inArena })) {
        const copied = spans.flatMap((span) => (span.kind === 'window' ? [span.bytes] : []));
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
    const steps = spans.filter((span) => span.kind === 'step');
    expect(Math.max(...steps.map(({ segment }) => segment))).toBeGreaterThan(1);
    for (const { segment, before, received, after } of steps) {
      const lengths = [before, received, after].map((values) => values?.length);
      expect(lengths).toEqual(segment === 0 ? [4, 4, 4] : [undefined, undefined, undefined]);
    }
  }
});

it.each([
  { where: 'the default window', inArena: false },
  { where: 'the arena was, before it grew,', inArena: true },
])('chunks larger than $where go through too', async ({ inArena }) => {
  const length = 1_000_003;
  for (const [first] of resultsOf(await runRanks(3, 'allReduce', { length, algorithm: 'ring', inArena }))) {
    expectSame(first, reduced(3, length, 'sum'));
    expect(lengthOf({ start: 0, end: first?.length ?? 0 })).toBe(length);
  }
});

it('two-shot hands round chunks of many blocks', async () => {
  const length = 500_003;
  for (const inArena of [false, true]) {
    const one = { length, op: 'avg', algorithm: 'two-shot', inArena } as const;
    const sum = reduced(3, length, 'avg');
    for (const [first] of resultsOf(await runRanks(3, 'allReduce', one, { slotBytes: 2 ** 21 }))) {
      expectSame(first, sum);
    }
  }
});
