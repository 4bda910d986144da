/** Every split of the Split page on real ranks: each run is proven, and moves what its plan says. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchSplit, runSplit, type SplitGroup } from '../../src/lab/split/experiment.ts';
import { DEFAULT_PARAMS, type SplitParams } from '../../src/lab/split/params.ts';

const SPLITS = ['none', 'column', 'row', 'pair'] as const;
/** M, K and N that no number of ranks but 1 divides, and few enough that some of 8 ranks are empty. */
const SHAPES = [
  { m: 7, k: 19, n: 23 },
  { m: 1, k: 5, n: 3 },
];
const GROUPS = [
  ...[1, 3, 8].map((ranks) => ['webgpu', ranks] as const),
  ...[1, 2, 3, 4, 8].map((ranks) => ['cpu', ranks] as const),
];

describe.each(GROUPS)('on %s, %i ranks', (device, ranks) => {
  const of = (patch: Partial<SplitParams>): SplitParams => ({ ...DEFAULT_PARAMS, device, ranks, ...patch });
  let group: SplitGroup;
  beforeAll(async () => {
    group = await launchSplit(of({}), new AbortController().signal);
  });
  afterAll(() => group.close());

  it.each(SPLITS)('the %s split is right, and its ring takes every step', async (split) => {
    for (const shape of SHAPES) {
      for (const bias of [true, false]) {
        const { verdict, plan, ringSteps, times } = await runSplit(group, of({ split, bias, ...shape }));
        expect(verdict).toMatchObject({ pass: true, sameBits: plan.replicated ? true : null });
        expect(verdict.count).toBe(shape.m * (split === 'pair' ? shape.k : shape.n));
        expect(times).toHaveLength(ranks);
        if (ringSteps.length > 0)
          expect(ringSteps.map((step) => step.length)).toEqual(ringSteps.map(() => ranks));
      }
    }
  });

  it('a column split without the gather moves nothing, and is still checked', async () => {
    const run = await runSplit(group, of({ split: 'column', gatherOutput: false }));
    expect(run.verdict).toMatchObject({ pass: true, sameBits: null });
    expect(run.bytesSent).toEqual(Array.from({ length: ranks }, () => 0));
  });

  it('the bias on every rank is caught, on every number of ranks but one', async () => {
    const { verdict } = await runSplit(group, of({ split: 'row', biasOnEveryRank: true }));
    expect(verdict.pass).toBe(ranks === 1);
  });
});
