import { expect, it } from 'vitest';
import type { BenchCase } from '../../bench/record.ts';
import type { BenchBatch, BenchProgram } from '../../protocol/bench.ts';
import { type BenchGroup, type MeasureOptions, measure } from './measure.ts';

const CASE: BenchCase = {
  op: 'gemm',
  backend: 'webgpu',
  placement: 'worker',
  transport: 'none',
  worldSize: 1,
  dtype: 'f32',
  shape: { m: 16, k: 512, n: 2048 },
  bytes: 0,
  variant: '',
};

/** A rank whose wait takes `waitMs` and whose run takes `runMs`, on a clock that only it drives. */
function fake({
  waitMs = 1,
  runMs = 0.125,
  atOnce = 1024,
  variant = '',
  heldMs = () => 0,
  onIterate = () => {},
}) {
  const calls: { count: number; runs: number }[] = [];
  const rank: BenchProgram = {
    load: async () => true,
    prepare: async () => ({ flops: 1e6, atOnce, iterationMs: 20 }),
    async iterate(count, runs): Promise<BenchBatch> {
      calls.push({ count, runs });
      onIterate();
      const elapsedMs = Array.from({ length: count }, () => (heldMs() + waitMs + runs * runMs) / runs);
      return { elapsedMs, computeMs: count * runMs, commMs: 0, waitMs: 0 };
    },
    check: async () => ({ wrong: 0, maxAbsError: 0, variant }),
    release: async () => {},
  };
  const group = { all: async (call: (one: BenchProgram) => Promise<unknown>) => [await call(rank)] };
  return { group: group as unknown as BenchGroup, calls };
}

const quiet: MeasureOptions = {
  budgetMs: 200,
  seed: 1,
  proceed: async () => {},
  wasHidden: () => false,
};

it('enqueues so many runs between two waits that the wait hardly shows', async () => {
  const { group, calls } = fake({});
  const result = await measure(group, CASE, quiet);
  expect(calls.at(-1)?.runs).toBe(256);
  expect(result.medianMs).toBeCloseTo(0.125, 2);
  expect(result.gflops).toBeCloseTo(8, 0);
  expect(result.computeMs).toBe(0.125);
  expect(result.samplesMs.length).toBeGreaterThanOrEqual(10);
  expect(result.samplesMs.length).toBeLessThan(20); // 200 ms of 33 ms each, and ten at least
});

it('enqueues no more than the ranks can, and one of what waits itself', async () => {
  for (const atOnce of [1, 3]) {
    const { group, calls } = fake({ atOnce });
    await measure(group, CASE, quiet);
    expect(Math.max(...calls.map(({ runs }) => runs))).toBe(atOnce);
  }
});

it('is not misled by an iteration that is held up while it finds how many runs to make', async () => {
  for (const held of [1, 4, 6]) {
    let iterations = 0;
    const { group, calls } = fake({ heldMs: () => (++iterations === held ? 500 : 0) });
    await measure(group, CASE, quiet);
    expect(calls.at(-1)?.runs).toBe(256);
  }
});

it('warms up one iteration at a time, so that a pause need not wait for more', async () => {
  const { group, calls } = fake({ waitMs: 5000 });
  await measure(group, CASE, quiet);
  expect(calls.every(({ count }) => count === 1)).toBe(true);
});

it('marks what was measured while the tab was hidden, and not what was paused meanwhile', async () => {
  for (const when of ['pause', 'warm-up', 'iteration']) {
    let seen = false;
    let iterations = 0;
    const { group } = fake({
      atOnce: 1,
      onIterate() {
        if (++iterations === (when === 'warm-up' ? 1 : 5) && when !== 'pause') seen = true;
      },
    });
    const { note } = await measure(group, CASE, {
      ...quiet,
      async proceed() {
        if (when === 'pause') seen = true;
      },
      wasHidden() {
        const was = seen;
        seen = false;
        return was;
      },
    });
    expect([when, note.includes('the tab was hidden')]).toEqual([when, when === 'iteration']);
  }
});

it('names the kernel that a CPU chose, and of what is no product none', async () => {
  const onCpu = { ...CASE, backend: 'cpu' } as const;
  const { group } = fake({ variant: 'block6x8' });
  expect((await measure(group, onCpu, quiet)).variant).toBe('block6x8');
  expect((await measure(group, { ...onCpu, op: 'row_linear' }, quiet)).variant).toBe('');
});
