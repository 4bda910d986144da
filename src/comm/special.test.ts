/** What becomes of NaN, infinities and −0 in a collective, on real threads. */

import { afterAll, describe, expect, it } from 'vitest';
import { REDUCE_OPS, type ReduceOp } from '../collectives/kinds.ts';
import { shardRanges } from '../numerics/ranges.ts';
import { closeThreads, runRanks } from './testing/runRanks.ts';
import { payloads, specials } from './testing/scripts.ts';
import type { Report } from './testing/work.ts';

afterAll(closeThreads);

const bitsOf = (data: Float32Array | undefined): number[] =>
  data === undefined ? [] : [...new Uint32Array(data.slice().buffer)];

/** Two of them; a NaN makes a NaN, said here in so many words. */
function combine(op: ReduceOp, a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  if (op === 'product') return Math.fround(a * b);
  if (op === 'max') return a > b || Object.is(b, -0) ? a : b;
  if (op === 'min') return a < b || Object.is(a, -0) ? a : b;
  return Math.fround(a + b);
}

function reduced(op: ReduceOp, worldSize: number): Float32Array {
  const ranks = Array.from({ length: worldSize }, (_, rank) => specials(rank, worldSize));
  const whole = ranks.reduce((all, own) => all.map((value, i) => combine(op, value, own[i] ?? 0)));
  return op === 'avg' ? whole.map((sum) => sum / worldSize) : whole;
}

function resultsOf(reports: readonly Report[]): (readonly Float32Array[])[] {
  for (const { error } of reports) expect(error).toBeNull();
  return reports.map(({ results }) => results);
}

describe.each([1, 2, 3, 4, 8])('%i ranks', (worldSize) => {
  it.each(REDUCE_OPS)('%s lets a NaN of any rank out on all of them', async (op) => {
    const expected = reduced(op, worldSize);
    expect(expected.some(Number.isNaN)).toBe(true);
    for (const algorithm of ['ring', 'one-shot', 'two-shot'] as const) {
      for (const inArena of [false, true]) {
        const reports = await runRanks(worldSize, 'allReduceSpecial', { op, algorithm, inArena });
        const [first, ...others] = resultsOf(reports).map(([result]) => result);
        expect(first, algorithm).toEqual(expected);
        for (const other of others) expect(bitsOf(other), algorithm).toEqual(bitsOf(first));
      }
    }
    const ranges = shardRanges(expected.length, worldSize);
    const parts = resultsOf(await runRanks(worldSize, 'reduceScatterSpecial', { op }));
    for (const [rank, [part]] of parts.entries()) {
      const { start, end } = ranges[rank] ?? { start: 0, end: 0 };
      expect(part).toEqual(expected.slice(start, end));
    }
  });

  it('what is only copied keeps every bit', async () => {
    const root = worldSize - 1;
    const all = Array.from({ length: worldSize }, (_, rank) => bitsOf(payloads(rank)));
    for (const [rank, [gathered, own, toEach]] of resultsOf(
      await runRanks(worldSize, 'copySpecial', { root }),
    ).entries()) {
      expect(bitsOf(gathered)).toEqual(all.flat());
      expect(bitsOf(own)).toEqual(all[root]);
      expect(bitsOf(toEach)).toEqual(Array.from({ length: worldSize }, () => all[rank]).flat());
    }
  });
});
