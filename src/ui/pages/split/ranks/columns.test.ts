import { expect, it } from 'vitest';
import { configOf, DEFAULT_PARAMS, type SplitParams } from '#lab/split/params.ts';
import type { RankTimes, SplitRun } from '#lab/split/run.ts';
import { planSplit } from '#program/splitPlan.ts';
import { columnsOf } from './columns.ts';

const TIMES: RankTimes = { upload: 1, gemm: 4, gemmGpu: null, readback: 0, bias: 0, wait: 2, ring: 0.5 };

function runOf(patch: Partial<SplitParams>): SplitRun {
  const params = { ...DEFAULT_PARAMS, ...patch };
  const plan = planSplit(configOf(params));
  const times = Array.from({ length: params.ranks }, (_, rank) => ({ ...TIMES, wait: 2 + rank }));
  return { params, plan, times, bytesSent: times.map(() => 576) } as unknown as SplitRun;
}

/** What the table shows of one rank, and of all, by column. */
function cells(run: SplitRun, rank: number): Record<string, string> {
  return Object.fromEntries(
    columnsOf(run).map(({ id, of, total }) => [id, `${of(run, rank).join(', ')} / ${total(run)}`]),
  );
}

it('shows shapes, sums and longest times', () => {
  expect(cells(runOf({}), 0)).toMatchObject({
    x: '8 × 4 / ',
    w: '4 × 12 / ',
    weights: '240 B / 960 B',
    flops: '768 / 3.07 k',
    sent: '576 B / 2.25 KiB',
    gemm: '4.0 ms / 4.0 ms',
    wait: '2.0 ms / 5.0 ms',
  });
});

it('turns the weight round where it is drawn as stored', () => {
  expect(cells(runOf({ stored: true }), 0)['w']).toBe('12 × 4 / ');
});

it('has a line for each product of a pair', () => {
  const run = runOf({ split: 'pair', ranks: 5 });
  expect(columnsOf(run).map(({ label }) => label)).toContain('A, B shard');
  expect(cells(run, 4)).toMatchObject({ x: '8 × 16, 8 × 2 / ', w: '16 × 2, 2 × 16 / ' });
});

it('says n/a where the device has no clock of its own', () => {
  expect(cells(runOf({}), 0)['gemmGpu']).toBe('n/a / n/a');
});
