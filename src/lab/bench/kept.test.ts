import { expect, it } from 'vitest';
import { DEFAULT_OPTIONS } from '../../bench/options.ts';
import { resultOf } from '../../bench/testing/resultOf.ts';
import type { BenchHistory } from './history.ts';
import { createBenchStore } from './store.ts';
import { keptRun, memory, readHere } from './testing/standIns.ts';

/** A page that finds in its history what another version, or a fault, left there. */
async function open(headers: readonly unknown[], results: readonly unknown[] = []) {
  const history = memory();
  const store = createBenchStore({
    read: readHere,
    openHistory: async () =>
      ({ ...history, headers: async () => headers, results: async () => results }) as unknown as BenchHistory,
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  return store.getState;
}

it.each<[what: string, kept: unknown]>([
  ['nothing', null],
  ['no date', { ...keptRun('a'), date: undefined }],
  ['no name', { ...keptRun('a'), name: 3 }],
  ['no environment', { ...keptRun('a'), environment: null }],
  ['no texts of the adapter', { ...keptRun('a'), environment: { ...keptRun('').environment, adapter: [1] } }],
  ['another state', { ...keptRun('a'), state: 'lost' }],
  ['no counts', { ...keptRun('a'), done: '3' }],
  ['no devices', { ...keptRun('a'), devices: {} }],
  ['half of a device', { ...keptRun('a'), devices: [{ kind: 'cpu' }] }],
])('leaves out a kept run with %s, says so, and shows the others', async (_, kept) => {
  const state = await open([kept, keptRun('b')]);
  expect(state().runs.map(({ id }) => id)).toEqual(['b']);
  expect(state()).toMatchObject({
    opened: true,
    keepProblem: 'Of the kept runs, 1 cannot be read by this version of the page, and is left out.',
  });
});

it('keeps a run whose options are of another version, without them', async () => {
  const { suites: _, ...options } = DEFAULT_OPTIONS;
  const state = await open([
    { ...keptRun('a'), options },
    { ...keptRun('b'), options: DEFAULT_OPTIONS },
  ]);
  expect(state().runs.map(({ id, options: own }) => [id, own])).toEqual([
    ['a', null],
    ['b', DEFAULT_OPTIONS],
  ]);
});

it('leaves out kept results that are none', async () => {
  const sound = resultOf({ gflops: Number.POSITIVE_INFINITY, maxAbsError: Number.NaN });
  const rounded = { ...sound, roundingMaxError: 0.5, roundingRmsError: 0.004 };
  const state = await open(
    [keptRun('a')],
    [
      ...[sound, rounded, null, { ...sound, samplesMs: undefined }, { ...sound, shape: 3 }],
      { ...sound, roundingMaxError: 'much' },
    ],
  );
  state().show('a');
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(state().results.get('a')).toEqual([sound, rounded]);
  expect(state().keepProblem).toBe('Of the results of a, 4 cannot be read, and are left out.');
});
