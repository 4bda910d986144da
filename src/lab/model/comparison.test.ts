/** Which texts stand beside each other, and which take the place of another. */

import { expect, it } from 'vitest';
import { firstDifference, withRun } from './comparison.ts';
import type { ModelParams } from './params.ts';
import type { FinishedRun } from './state.ts';
import { open } from './testing/fakeSessions.ts';

async function runOf(params: Partial<ModelParams>): Promise<FinishedRun> {
  const { get, rest } = open(() => {}, params);
  await rest();
  const [run] = get().runs;
  if (run === undefined) throw new Error('nothing was finished');
  return run;
}

it('tells ways to sum apart, but not where all ranks are on one device, which has none', async () => {
  const [auto, ring, shot] = await Promise.all([
    runOf({}),
    runOf({ algorithm: 'ring' }),
    runOf({ algorithm: 'one-shot' }),
  ]);
  const runs = [auto, ring, shot, { ...ring, ids: [] }].reduce(withRun, [] as readonly FinishedRun[]);
  expect(runs.map(({ algorithm, ids }) => [algorithm, ids.length])).toEqual([
    ['auto', 3],
    ['one-shot', 3],
    ['ring', 0], // in place of the older
  ]);
  const shared = await Promise.all([
    runOf({ placement: 'one-device' }),
    runOf({ placement: 'one-device', algorithm: 'ring' }),
  ]);
  expect(shared.reduce(withRun, [] as readonly FinishedRun[])).toHaveLength(1);
});

it('keeps the text of each token', async () => {
  const { texts, ids } = await runOf({});
  expect(texts).toEqual(['c', 'd', 'e']);
  expect(ids).toHaveLength(3);
});

it('finds where two texts part', () => {
  expect(firstDifference([1, 2], [1, 2])).toBeNull();
  expect(firstDifference([1, 2, 3], [1, 4, 3])).toBe(1);
  expect(firstDifference([1, 2], [1, 2, 3])).toBe(2);
});

it('has weights in blocks follow what the stored ones wrote, once that is there', async () => {
  const { get, rest } = open(() => {}, { weights: 'q8' });
  await rest();
  expect(get().loaded?.agreement).toBeNull();
  get().change({ weights: 'stored' });
  await rest();
  expect(get().loaded?.agreement).toBeNull();
  get().change({ weights: 'q4' });
  await rest();
  expect(get().loaded?.agreement).toEqual({ same: 2, of: 3 }); // of “cde”
  get().write('xy'); // which those have not written
  await rest();
  expect(get().loaded?.agreement).toBeNull();
});
