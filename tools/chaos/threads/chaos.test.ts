/** Some of the faults that `npm run chaos` strikes with, over worker threads; it has as many as are asked for. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleThread } from './bundle.mjs';
import { Threads } from './run.ts';

const SEED = 1;
const COUNT = 38;
/** A case knows itself how long it may take, and says so. */
const TIMEOUT_MS = 300_000;

let bundle: Awaited<ReturnType<typeof bundleThread>>;
let threads: Threads;

beforeAll(async () => {
  bundle = await bundleThread();
  threads = new Threads(bundle.path);
}, TIMEOUT_MS);

afterAll(async () => {
  expect(await threads.close()).toBe(0);
  await bundle.remove();
}, TIMEOUT_MS);

it.each(Array.from({ length: COUNT }, (_, number) => number))(
  'fault t%i',
  async (number) => {
    const { name, complaints } = await threads.run(SEED, number);
    expect(complaints, name).toEqual([]);
  },
  TIMEOUT_MS,
);
