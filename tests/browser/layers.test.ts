/** The layers of the seed, on real ranks in real workers, on both devices. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RankGroup } from '../../src/index.ts';
import { check, exactLinear, exactly, gamma } from '../../src/numerics/oracle.ts';
import { uniform } from '../../src/numerics/random.ts';
import { shardRange } from '../../src/numerics/ranges.ts';
import { launchLinear } from './launchLinear.ts';
import type { LinearCase, LinearProgram } from './linear.rank.ts';

const SHAPES = [
  [1, 1, 1],
  [1, 8, 3],
  [3, 5, 7],
  [8, 16, 12],
  [5, 33, 2],
  [17, 64, 31],
  [2, 130, 129],
] as const;

function random(seed: number, length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => uniform(seed, i));
}

function caseOf([m, k, n]: readonly [number, number, number], bias: boolean): LinearCase {
  return { m, k, n, bias, x: random(1, m * k), weight: random(2, n * k), b: random(3, n) };
}

function exact({ m, k, n, bias, x, weight, b }: LinearCase) {
  const weightRow = (out: number, into: Float64Array): void =>
    into.set(weight.subarray(out * k, (out + 1) * k));
  return exactLinear(exactly(m, k, x), { start: 0, end: n }, weightRow, bias ? (out) => b[out] ?? 0 : null);
}

/** What WebGPU adds is in a rank; how ranks go together is all there on the CPU, which starts much sooner. */
const GROUPS = [
  ...[1, 3, 8].map((worldSize) => ['webgpu', worldSize] as const),
  ...[1, 2, 3, 4, 8].map((worldSize) => ['cpu', worldSize] as const),
];

describe.each(GROUPS)('on %s, %i ranks', (device, worldSize) => {
  let group: RankGroup<LinearProgram>;
  beforeAll(async () => {
    group = await launchLinear({ worldSize, device });
  });
  afterAll(() => group.close());

  it('column and row splits', async () => {
    expect(group.devices.map((info) => info.kind)).toEqual(Array.from({ length: worldSize }, () => device));
    for (const shape of SHAPES) {
      for (const bias of [true, false]) {
        const testCase = caseOf(shape, bias);
        const { m, k, n, b } = testCase;
        const oracle = exact(testCase);
        const [whole] = await group.all((rank) => rank.whole(testCase));
        if (whole === undefined) throw new Error('no rank answered');
        expect(check(whole, oracle, k + 2)).toMatchObject({ pass: true, count: m * n });

        for (const y of await group.all((rank) => rank.column(testCase, true))) expect(y).toEqual(whole);
        for (const [rank, y] of (await group.all((one) => one.column(testCase, false))).entries()) {
          const { start, end } = shardRange(n, worldSize, rank);
          const own = Array.from({ length: m }, (_, i) => [
            ...whole.subarray(i * n + start, i * n + end),
          ]).flat();
          expect([...y]).toEqual(own);
        }

        for (const inputIsParallel of [true, false]) {
          const rows = await group.all((rank) => rank.row(testCase, inputIsParallel, 'after-reduce'));
          for (const y of rows) expect(y).toEqual(rows[0]);
          expect(check(rows[0] ?? new Float32Array(0), oracle, k + worldSize + 2)).toMatchObject({
            pass: true,
          });
        }

        // The classic bug: the bias worldSize times.
        const [wrong = new Float32Array(0)] = await group.all((rank) =>
          rank.row(testCase, true, 'every-rank'),
        );
        for (let i = 0; i < wrong.length; i++) {
          const extra = bias ? (worldSize - 1) * (b[i % n] ?? 0) : 0;
          const bound = gamma(k + 2 * worldSize) * ((oracle.magnitudes[i] ?? 0) + Math.abs(extra));
          expect(Math.abs((wrong[i] ?? 0) - (oracle.values[i] ?? 0) - extra)).toBeLessThanOrEqual(bound);
        }
      }
    }
  });

  it('a row split in blocks of rows has the bits of one in one piece, where no kernel is for few rows', async () => {
    const testCase = caseOf([17, 64, 31], true); // small enough to be summed in one shot, rank by rank, in any blocks
    const one = await group.all((rank) => rank.row(testCase, true, 'after-reduce'));
    for (const blocks of [2, 3]) {
      await group.trace();
      const rows = await group.all((rank) => rank.row(testCase, true, 'after-reduce', blocks));
      expect(rows).toEqual(one);
      const sums = (await group.trace()).filter((span) => span.kind === 'collective');
      expect(sums).toHaveLength(blocks * worldSize);
    }
    const oracle = exact(testCase);
    for (const y of await group.all((rank) => rank.row(testCase, false, 'after-reduce', 17))) {
      expect(check(y, oracle, 64 + worldSize + 2)).toMatchObject({ pass: true });
    }
  });

  it('a column → row pair needs one all-reduce', async () => {
    await group.trace(); // what went before
    const testCase = caseOf([6, 20, 27], false);
    const results = await group.all((rank) => rank.pair(testCase));
    const calls = (await group.trace()).filter((span) => span.kind === 'collective');
    expect(calls.map((span) => [span.collective, span.bytes])).toEqual(
      results.map(() => ['all_reduce', 4 * 6 * 20]),
    );
    const hidden = exact(testCase);
    const back = (out: number, into: Float64Array): void => {
      for (let j = 0; j < into.length; j++) into[j] = testCase.weight[j * testCase.k + out] ?? 0;
    };
    const oracle = exactLinear(hidden, { start: 0, end: 20 }, back, null);
    for (const y of results) {
      expect(y).toEqual(results[0]);
      expect(check(y, oracle, 20 + 27 + worldSize + 4)).toMatchObject({ pass: true });
    }
  });

  it('a row split of integers is exact: K = 512, values in −8 … 8', async () => {
    const integers = (seed: number, length: number): Float32Array =>
      random(seed, length).map((v) => Math.round(v * 8));
    const testCase: LinearCase = {
      ...caseOf([4, 512, 9], true),
      x: integers(5, 4 * 512),
      weight: integers(6, 9 * 512),
      b: integers(7, 9),
    };
    const expected = Float32Array.from(exact(testCase).values);
    for (const y of await group.all((rank) => rank.row(testCase, true, 'after-reduce')))
      expect(y).toEqual(expected);
  });
});
