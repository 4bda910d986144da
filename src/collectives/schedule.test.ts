import { describe, expect, it } from 'vitest';
import {
  additionOrder,
  allToAll,
  oneShotAllReduce,
  ringSchedule,
  type Schedule,
  twoShotAllReduce,
} from './schedule.ts';

const SIZES = [1, 2, 3, 4, 5, 6, 7, 8];

/** What a chunk in a window holds: which ranks' inputs were added, in order. */
type Terms = readonly number[];

/**
 * Executes schedules symbolically, in an adversarial order: at each turn the ready rank that comes first in
 * `priority` goes. Checks that nothing is overwritten that is still to be read.
 */
function simulate(
  schedules: readonly Schedule[],
  chunks: number,
  priority: (turn: number) => number[],
): Terms[][] {
  const windows: (Terms | null)[][] = schedules.map((schedule, rank) =>
    Array.from({ length: chunks }, (_, chunk) => (schedule.load.includes(chunk) ? [rank] : null)),
  );
  const outputs: Terms[][] = schedules.map(() => []);
  const done = schedules.map(() => 0);
  for (let turn = 0; done.some((count, rank) => count < (schedules[rank]?.steps.length ?? 0)); turn++) {
    const rank = priority(turn).find((candidate) => {
      const step = schedules[candidate]?.steps[done[candidate] ?? 0];
      return step !== undefined && (done[step.from] ?? 0) >= step.after;
    });
    if (rank === undefined) throw new Error('deadlock');
    const step = schedules[rank]?.steps[done[rank] ?? 0];
    if (step === undefined) throw new Error('unreachable');
    const source = windows[step.from]?.[step.chunk];
    if (source === null || source === undefined)
      throw new Error(`rank ${rank} reads a chunk that holds nothing`);
    const row = step.target === 'window' ? windows[rank] : outputs[rank];
    if (row === undefined) throw new Error('unreachable');
    if (step.action === 'arrive') expect(row[step.into]).toBe(source);
    else row[step.into] = step.action === 'copy' ? source : [...(row[step.into] ?? []), ...source];
    if (step.delivers) for (const window of windows) window[step.into] = row[step.into] ?? null;
    done[rank] = (done[rank] ?? 0) + 1;
  }
  return schedules.map((schedule, rank) => {
    const result = [...(outputs[rank] ?? [])];
    for (const chunk of schedule.store) result[chunk] = windows[rank]?.[chunk] ?? [];
    return result;
  });
}

const ORDERS: ((n: number) => (turn: number) => number[])[] = [
  (n) => () => Array.from({ length: n }, (_, i) => i),
  (n) => () => Array.from({ length: n }, (_, i) => n - 1 - i),
  (n) => (turn) =>
    Array.from({ length: n }, (_, i) => (i * 3 + turn * 5) % n).concat(
      Array.from({ length: n }, (_, i) => i),
    ),
];

const each = (n: number, make: (rank: number) => Schedule): Schedule[] =>
  Array.from({ length: n }, (_, rank) => make(rank));
const sorted = (terms: Terms | undefined): number[] => [...(terms ?? [])].sort((a, b) => a - b);
const everyRank = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe.each(SIZES)('schedules of %i ranks', (n) => {
  it.each(ORDERS.map((order, i) => [i, order] as const))(
    'give the right sums in any order of execution (%i)',
    (_, order) => {
      for (const make of [
        (rank: number) => ringSchedule('all_reduce', n, rank),
        (rank: number) => twoShotAllReduce(n, rank),
      ]) {
        const results = simulate(each(n, make), n, order(n));
        for (const result of results) {
          expect(result).toHaveLength(n);
          // Complete, nothing twice, and the same order of addition on every rank.
          for (const terms of result) expect(sorted(terms)).toEqual(everyRank(n));
          expect(result).toEqual(results[0]);
        }
      }
      const oneShot = simulate(
        each(n, (rank) => oneShotAllReduce(n, rank)),
        1,
        order(n),
      );
      for (const result of oneShot) expect(result).toEqual([everyRank(n)]);

      const scattered = simulate(
        each(n, (rank) => ringSchedule('reduce_scatter', n, rank)),
        n,
        order(n),
      );
      for (const [rank, result] of scattered.entries()) expect(sorted(result[rank])).toEqual(everyRank(n));

      const gathered = simulate(
        each(n, (rank) => ringSchedule('all_gather', n, rank)),
        n,
        order(n),
      );
      for (const result of gathered) expect(result).toEqual(everyRank(n).map((rank) => [rank]));

      const exchanged = simulate(
        each(n, (rank) => allToAll(n, rank)),
        n,
        order(n),
      );
      for (const result of exchanged) expect(result).toEqual(everyRank(n).map((rank) => [rank]));

      for (const root of everyRank(n)) {
        const copies = simulate(
          each(n, (rank) => ringSchedule('broadcast', n, rank, root)),
          1,
          order(n),
        );
        for (const [rank, result] of copies.entries())
          expect(rank === root ? [[root]] : result).toEqual([[root]]);
      }
    },
  );

  it('adds in the order that additionOrder states', () => {
    const results = simulate(
      each(n, (rank) => ringSchedule('all_reduce', n, rank)),
      n,
      (ORDERS[0] as (n: number) => () => number[])(n),
    );
    for (const chunk of everyRank(n)) {
      // a = own + received puts the reader's term in front: the sum is the same set, reversed.
      expect([...(results[0]?.[chunk] ?? [])].reverse()).toEqual(additionOrder(chunk, n));
    }
  });

  it('uses NCCL’s ring indices', () => {
    for (let rank = 0; rank < n; rank++) {
      const { steps, rounds } = ringSchedule('all_reduce', n, rank);
      expect(rounds).toBe(2 * (n - 1));
      expect(steps).toHaveLength(rounds);
      for (const [t, step] of steps.entries()) {
        const s = t % (n - 1);
        const previous = (rank + n - 1) % n;
        expect(step.from).toBe(previous);
        // What this rank receives is what its previous neighbour sends: (r−1−s), then (r−s), for r = previous.
        const sends = t < n - 1 ? previous - 1 - s : previous - s;
        expect(step.chunk).toBe((sends + 2 * n) % n);
        expect(step.after).toBe(t);
      }
    }
  });
});
