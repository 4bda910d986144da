/** A machine that sleeps interrupts a benchmark; the case is measured once more when it is awake. */

import { afterEach, expect, it, vi } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { DEFAULT_OPTIONS } from '../../bench/options.ts';
import { resultsOf } from './testing/resultsOf.ts';

let failures: LabError[] = [];
let closed = 0;

vi.mock('./ranks.ts', () => ({
  ranksOf: () => ({
    ready: async () => ({ all: () => Promise.reject(failures.shift() ?? new LabError('device', 'the end')) }),
    close: async () => void closed++,
  }),
}));
afterEach(() => vi.unstubAllGlobals());

async function notesOf(thrown: LabError[]): Promise<string[]> {
  failures = [...thrown];
  closed = 0;
  const options = { ...DEFAULT_OPTIONS, devices: ['cpu'] as const, ranks: [2], sizes: [4] };
  const results = await resultsOf(options);
  return results.map(({ note }) => note).slice(0, thrown.length);
}

const interrupted = () => new LabError('interrupted', 'slept');
const refused = () => new LabError('input', 'no');
const lost = () => new LabError('device', 'lost');

it('tries an interrupted case once more, and not for ever', async () => {
  expect(await notesOf([interrupted(), lost(), lost()])).toEqual(['lost', 'lost', 'the end']);
  expect(await notesOf([interrupted(), interrupted(), lost()])).toEqual(['slept', 'lost', 'the end']);
});

it('keeps ranks that refused a case', async () => {
  const closings = async (thrown: LabError[]): Promise<number> => {
    await notesOf(thrown);
    return closed;
  };
  expect(await closings([refused()])).toBe((await closings([lost()])) - 1);
});
