import { expect, it } from 'vitest';
import { barsOf, type Raced } from './bars.ts';
import type { Outcome } from './race.ts';
import type { Work } from './works.ts';

const timed = (id: string, ms: number): Outcome => ({
  id,
  kind: 'timed',
  samplesMs: [ms, ms, ms],
  runs: 1,
  maxAbsError: 0,
});
const raced = (work: Work, ...outcomes: Outcome[]): Raced => ({ work, leftOut: '', outcomes });
const named = (races: readonly Raced[], software: boolean | null, name: string) =>
  barsOf(races, { software }).find((bar) => bar.name.startsWith(name));

const SQUARE = { kind: 'product', m: 512, k: 512, n: 512 } as const;

it('holds one rank against the fastest library, not against PyTorch', () => {
  const work = { ...SQUARE, place: 'cpu' } as const;
  const race = raced(work, timed('ours-1', 2), timed('ort', 4), timed('tfjs', 3), timed('torch-1', 1));
  const bar = named([race], true, 'one rank over the best single-threaded peer, 512³');
  expect(bar).toMatchObject({ figure: { value: 1.5 }, wanted: 1.65, verdict: 'fail' });
});

it('says why no library was timed', () => {
  const slow: Outcome = { id: 'ort', kind: 'failed', why: 'a run takes 9.0 s, too long for turns' };
  const race = raced({ ...SQUARE, place: 'webgpu' }, timed('ours-1', 1), slow);
  expect(named([race], true, 'WebGPU in software over the best peer, 512³')).toMatchObject({
    verdict: 'not run',
    figure: { why: 'no peer was timed: a run takes 9.0 s, too long for turns' },
  });
});

it('takes into account how much a limit does in a run', () => {
  const work = { ...SQUARE, place: 'cpu' } as const;
  // 9.6e6 FLOP in 1 ms, and 2^28 in 28: as fast, but for a thousandth.
  const race = raced(work, timed('ours-1', 28), timed('peak-1', 1));
  const bar = named([race], true, 'one rank to 128-bit multiply-adds, 512³');
  expect(bar).toMatchObject({ verdict: 'pass', figure: { value: expect.closeTo(99.86, 1) } });
});

it('counts two ranks by how many times faster they are, and sums by their own clock', () => {
  const split = raced(
    { kind: 'columnSplit', m: 1024, k: 1024, n: 1024 },
    timed('ours-1', 20),
    timed('ours-2', 10),
  );
  const sum = raced(
    { kind: 'all_reduce', place: 'cpu', worldSize: 2, bytes: 4096 },
    timed('ours-2', 0.006),
    timed('gloo', 0.2),
  );
  expect(named([split], null, 'two ranks over one')).toMatchObject({ figure: { value: 2 }, verdict: 'pass' });
  expect(named([sum], null, 'all_reduce inside the ranks')).toMatchObject({
    figure: { value: 6 },
    verdict: 'fail',
  });
});

it('says of each bar that has no figure why', () => {
  const failed: Outcome = { id: 'gloo', kind: 'failed', why: 'There is no PyTorch.' };
  const sum = raced(
    { kind: 'all_reduce', place: 'cpu', worldSize: 2, bytes: 2 ** 24 },
    timed('ours-2', 3),
    failed,
  );
  expect(named([sum], true, 'all_reduce over gloo, 16 MiB, 2')).toMatchObject({
    verdict: 'not run',
    figure: { why: 'There is no PyTorch.' },
  });
  for (const software of [true, false, null]) {
    for (const bar of barsOf([], { software })) {
      expect(bar.verdict).toBe('not run');
      expect(bar.figure).toHaveProperty('why', expect.stringMatching(/\w/));
    }
  }
});

it('holds a software adapter and a GPU each against its own bars', () => {
  const race = raced({ ...SQUARE, place: 'webgpu' }, timed('ours-1', 1), timed('jax', 3));
  expect(named([race], true, 'WebGPU in software over the best peer, 512³')).toMatchObject({
    verdict: 'pass',
  });
  expect(named([race], false, 'WebGPU in software over the best peer, 512³')).toMatchObject({
    verdict: 'not run',
  });
});
