import { expect, it } from 'vitest';
import type { LabError } from '../base/errors.ts';
import { allocateGroup, attachGroup } from '../group/memory.ts';
import { watchRanks } from './watch.ts';

function watched(timeoutMs: number): Promise<LabError> {
  const group = attachGroup(allocateGroup(3, { arenaBytes: 0 }));
  return new Promise((resolve) => {
    const stop = watchRanks({ group, waiting: new Set([1, 2]), verb: 'answer', timeoutMs }, (error) => {
      stop();
      resolve(error);
    });
  });
}

it('names the ranks that give no sign', async () => {
  expect(await watched(200)).toMatchObject({
    code: 'deadline',
    rank: 1,
    message: 'Ranks 1, 2 did not answer within 200 ms, nor take a step of a collective.',
  });
});

it('blames nobody when everything stood still meanwhile', async () => {
  const late = watched(2000);
  await new Promise((resolve) => setTimeout(resolve, 300));
  // The thread stops, as in a machine that sleeps: no timer runs.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3500);
  const woke = performance.now();
  expect(await late).toMatchObject({ code: 'interrupted', rank: undefined });
  expect(performance.now() - woke).toBeGreaterThan(900); // the ranks had a moment to go on
});
