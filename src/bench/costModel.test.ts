import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLLECTIVES } from '../collectives/kinds.ts';
import { ringWork } from '../collectives/work.ts';
import { fitLink, fitRate, predictCollective, predictLayer, rateAt } from './costModel.ts';
import { workOver } from './transport.ts';

const cells = (link: { alphaMs: number; betaGBs: number }, noise: (i: number) => number = () => 1) =>
  [2, 4, 8].flatMap((worldSize) =>
    COLLECTIVES.flatMap((op) =>
      [1024, 65_536, 4_194_304].map((bytes, i) => ({
        op,
        worldSize,
        bytes,
        medianMs: predictCollective(link, op, worldSize, bytes) * noise(i + worldSize),
      })),
    ),
  );

describe('the fit of a link', () => {
  it('finds what made the times', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-4, max: 1, noNaN: true }),
        fc.double({ min: 0.05, max: 500, noNaN: true }),
        (alphaMs, betaGBs) => {
          const link = fitLink(cells({ alphaMs, betaGBs }));
          expect(link?.alphaMs).toBeCloseTo(alphaMs, 6);
          expect((link?.betaGBs ?? 0) / betaGBs).toBeCloseTo(1, 4);
          expect(link?.error).toBeLessThan(1e-6);
        },
      ),
    );
  });

  it('stays near where times are noisy, and says how far off it is', () => {
    const link = fitLink(cells({ alphaMs: 0.01, betaGBs: 2 }, (i) => 1 + 0.1 * Math.sin(7 * i)));
    expect(link?.alphaMs).toBeGreaterThan(0.008);
    expect(link?.alphaMs).toBeLessThan(0.012);
    expect(link?.error).toBeGreaterThan(0.01);
    expect(link?.error).toBeLessThan(0.15);
  });

  it('has no negative part', () => {
    const falling = [1024, 4096, 16_384].map((bytes, i) => ({
      op: 'all_reduce' as const,
      worldSize: 2,
      bytes,
      medianMs: 1 - 0.2 * i,
    }));
    const link = fitLink(falling);
    expect(link?.alphaMs).toBeGreaterThan(0);
    expect(link?.betaGBs).toBe(Number.POSITIVE_INFINITY);
    const free = fitLink(
      [1024, 1_048_576].map((bytes) => ({
        ...falling[0],
        op: 'all_reduce' as const,
        worldSize: 2,
        bytes,
        medianMs: bytes ** 1.2,
      })),
    );
    expect(free?.alphaMs).toBe(0);
    expect(free?.betaGBs).toBeGreaterThan(0);
  });

  it('needs two sizes', () => {
    const one = { op: 'all_reduce' as const, worldSize: 2, bytes: 4096, medianMs: 1 };
    expect(fitLink([])).toBeNull();
    expect(fitLink([one, one])).toBeNull();
    expect(fitLink([{ ...one, op: 'mlp' as const }])).toBeNull();
  });

  it('is not there where steps and bytes grow alike, whatever the last bits of a float say', () => {
    const ops = ['all_reduce', 'reduce_scatter', 'all_gather', 'all_to_all'] as const;
    for (const worldSize of [2, 3, 4, 5, 6, 7, 8]) {
      for (const bytes of [1000, 4096, 1_048_576]) {
        const alike = ops.map((op, i) => ({ op, worldSize, bytes, medianMs: 0.3 + 0.1 * i }));
        expect(fitLink(alike)).toBeNull();
      }
    }
  });

  it('takes each algorithm for what it does', () => {
    const times = (transport: 'shared-memory-one-shot' | 'shared-memory-auto') => {
      const work = workOver(transport) ?? ringWork;
      return [2, 3, 4].flatMap((worldSize) =>
        [1024, 16_384, 65_536, 4_194_304].map((bytes) => {
          const { steps, sentBytes } = work('all_reduce', worldSize, bytes);
          const medianMs = 0.02 * steps + sentBytes / 3e6;
          return { op: 'all_reduce' as const, worldSize, bytes, medianMs };
        }),
      );
    };
    for (const transport of ['shared-memory-one-shot', 'shared-memory-auto'] as const) {
      const link = fitLink(times(transport), workOver(transport) ?? ringWork);
      expect(link?.alphaMs).toBeCloseTo(0.02, 6);
      expect(link?.betaGBs).toBeCloseTo(3, 4);
      const [cell] = times(transport).slice(4);
      expect(link && cell && predictCollective(link, 'all_reduce', 3, 1024)).toBeCloseTo(cell?.medianMs ?? 0);
      expect(fitLink(times(transport))?.error).toBeGreaterThan(0.05); // as a ring it is not
    }
  });
});

it('one-shot reads every other buffer whole, auto does so with small ones, and one device has no steps', () => {
  expect(workOver('shared-memory-one-shot')?.('all_reduce', 4, 1000)).toEqual({ steps: 3, sentBytes: 3000 });
  const auto = workOver('shared-memory-auto');
  expect(auto?.('all_reduce', 4, 1000)).toEqual({ steps: 3, sentBytes: 3000 });
  expect(auto?.('all_reduce', 4, 2 ** 20)).toEqual(ringWork('all_reduce', 4, 2 ** 20));
  expect(auto?.('all_gather', 4, 1000)).toEqual(ringWork('all_gather', 4, 1000));
  expect(workOver('shared-memory-two-shot')?.('all_reduce', 4, 1000)).toEqual(
    ringWork('all_reduce', 4, 1000),
  );
  expect(workOver('one-device')).toBeNull();
});

it('a ring all_reduce of n ranks has 2(n−1) steps and sends 2(n−1)/n of the buffer', () => {
  expect(ringWork('all_reduce', 4, 1000)).toEqual({ steps: 6, sentBytes: 1500 });
  expect(ringWork('all_gather', 4, 1000)).toEqual({ steps: 3, sentBytes: 750 });
  expect(ringWork('all_reduce', 1, 1000)).toEqual({ steps: 0, sentBytes: 0 });
});

describe('the rate', () => {
  const result = (worldSize: number, gflops: number, medianMs: number, computeMs: number) => ({
    op: 'mlp' as const,
    worldSize,
    gflops,
    medianMs,
    computeMs,
  });

  it('is a rank’s FLOPs over its time in kernels', () => {
    // 2 GFLOP/s over 10 ms are 20 MFLOP, 10 of each rank; in 4 ms of kernels that is 2.5 GFLOP/s.
    const rate = fitRate([result(2, 2, 10, 4)]);
    expect(rate?.byRanks.get(2)).toBeCloseTo(2.5, 12);
    expect(fitRate([])).toBeNull();
  });

  it('of more ranks than were measured is that of fewer, shared or not', () => {
    const rate = {
      byRanks: new Map([
        [1, 8],
        [2, 6],
      ]),
    };
    expect(rateAt(rate, 2, true)).toBe(6);
    expect(rateAt(rate, 4, true)).toBe(3);
    expect(rateAt(rate, 4, false)).toBe(6);
  });

  it('and the link give a layer’s time', () => {
    const { computeMs, commMs, totalMs } = predictLayer(4e9, 8, { alphaMs: 0.5, betaGBs: 1 }, 2, [
      { kind: 'all_reduce', bytes: 1e6 },
    ]);
    expect(computeMs).toBeCloseTo(500, 9);
    expect(commMs).toBeCloseTo(2, 9);
    expect(totalMs).toBeCloseTo(502, 9);
    expect(predictLayer(4e9, 8, null, 1, []).commMs).toBe(0);
  });
});
