/** Some of the faults that `npm run chaos` strikes with, in one page; it has as many as are asked for. */

import { expect, it } from 'vitest';
import { runCase } from '../../tools/chaos/browser/page.ts';

const SEED = 1;
const COUNT = 12;
/** A case knows itself how long it may take, and says so. */
const TIMEOUT_MS = 500_000;

it.each(Array.from({ length: COUNT }, (_, number) => number))(
  'fault b%i',
  async (number) => {
    const { name, complaints } = await runCase(SEED, number);
    expect(complaints, name).toEqual([]);
  },
  TIMEOUT_MS,
);
