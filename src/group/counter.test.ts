import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { hasReached, raise } from './counter.ts';
import { allocateGroup, attachGroup, CONTROL } from './memory.ts';

const TRIES = { timeout: 10_000 };

/** A thread that says whom rank 1 waits for, sleeps on a counter that is 0, and tells what woke it. */
const SLEEPER = `
  const { parentPort, workerData: { memory, waitsFor, peer, index } } = require('node:worker_threads');
  const words = new Int32Array(memory.buffer);
  Atomics.store(words, waitsFor, peer + 1);
  parentPort.postMessage('going to sleep');
  parentPort.postMessage(Atomics.wait(words, index, 0, 1000));
`;

async function wokenBy(rank: number, peer: number): Promise<unknown> {
  const memory = allocateGroup(3);
  const group = attachGroup(memory);
  const index = group.controlIndex(rank, CONTROL.tickets);
  const waitsFor = group.controlIndex(1, CONTROL.waitsFor);
  const sleeper = new Worker(SLEEPER, { eval: true, workerData: { memory, waitsFor, peer, index } });
  const next = () => new Promise((resolve) => sleeper.once('message', resolve));
  await next();
  const woken = next();
  raise(group, rank, index, 1);
  return woken.finally(() => sleeper.terminate());
}

// Who is not asleep yet as the counter is raised is told 'not-equal', and there is another try.
it('who has said that it waits for a rank is woken as that raises its counter', async () => {
  await expect.poll(() => wokenBy(0, 0), TRIES).toBe('ok');
  await expect.poll(() => wokenBy(2, 2), TRIES).toBe('ok');
});

it('a wake-up is left out where nobody waits for the rank', async () => {
  await expect.poll(() => wokenBy(0, 2), TRIES).toBe('timed-out');
});

it('counters are compared by their distance, over the end of 32 bits', () => {
  const group = attachGroup(allocateGroup(1));
  const index = group.controlIndex(0, CONTROL.tickets);
  raise(group, 0, index, 2 ** 31 - 1);
  expect(hasReached(group, index, 2 ** 31 - 1)).toBe(true);
  expect(hasReached(group, index, -(2 ** 31))).toBe(false);
  raise(group, 0, index, -(2 ** 31) + 5);
  expect(hasReached(group, index, 2 ** 31 - 1)).toBe(true);
});
