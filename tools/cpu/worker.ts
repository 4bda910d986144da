/** A thread with a CPU device: checks and times what it is asked for, and answers with milliseconds. */

import { Recorder } from '../../src/base/trace.ts';
import { createCpuDevice } from '../../src/device/cpu/device.ts';
import { Arena } from '../../src/wasm/arena.ts';
import { sharedMemory } from '../../src/wasm/memory.ts';
import { type Case, cases, columnSplit, TOLERANCE } from './cases.ts';
import { coreLimits } from './coreLimits.ts';

export type Order =
  /** Everything that one thread does, by turns. */
  | { readonly kind: 'all'; readonly rounds: number }
  /** The product of a rank of so many, again and again for so long. */
  | { readonly kind: 'columnSplit'; readonly worldSize: number; readonly ms: number };

/** The times of each case's runs, in milliseconds, or what went wrong. */
export type Answer = Readonly<Record<string, readonly number[]>> | { readonly error: string };

/** What is shorter is repeated: clocks are rounded to as much as a twentieth of that. */
const LEAST_MS = 1;
const WARM_UP_MS = 50;

const arena = new Arena(sharedMemory(2 ** 20), { offset: 64, bytes: 2 ** 20 - 64 });
const device = createCpuDevice({ recorder: new Recorder(0, { trace: 'off' }), arena });
const prepared = new Map<string, () => void>();

addEventListener('message', async ({ data }: MessageEvent<Order>) => {
  try {
    postMessage(data.kind === 'all' ? await timeAll(data.rounds) : await timeSplit(data));
  } catch (thrown) {
    postMessage({ error: String(thrown) });
  }
});

async function timeAll(rounds: number): Promise<Answer> {
  const runs = new Map<string, () => void>(coreLimits(arena));
  for (const one of cases) runs.set(one.name, await prepare(one));
  const entries = [...runs].map(([name, run]) => {
    const once = warmUp(run);
    return { name, run, repeats: Math.ceil(LEAST_MS / once), times: [] as number[] };
  });
  for (let round = 0; round < rounds; round++) {
    for (const { run, repeats, times } of entries) times.push(time(run, repeats));
  }
  return Object.fromEntries(entries.map(({ name, times }) => [name, times]));
}

async function timeSplit({ worldSize, ms }: Order & { kind: 'columnSplit' }): Promise<Answer> {
  const split = columnSplit(worldSize);
  let run = prepared.get(split.name);
  if (run === undefined) {
    run = await prepare(split);
    warmUp(run);
  }
  const times: number[] = [];
  for (const end = performance.now() + ms; performance.now() < end; ) times.push(time(run, 1));
  return { [split.name]: times };
}

/** Runs the case once, holds its result against the oracle, and gives what runs it again. */
async function prepare(one: Case): Promise<() => void> {
  const { run, expected } = one.prepare(device);
  const y = run();
  const values = await device.read(y);
  device.free(y);
  for (const [i, value] of expected.entries()) {
    const error = Math.abs((values[i] ?? Number.NaN) - value);
    if (error <= TOLERANCE * Math.max(1, Math.abs(value))) continue;
    throw new Error(`${one.name} is wrong: element ${i} is ${values[i]}, and should be ${value}.`);
  }
  const again = () => device.free(run());
  prepared.set(one.name, again);
  return again;
}

/** Lets the engine compile a second time, and the device try its blocks. Returns the milliseconds of a run. */
function warmUp(run: () => void): number {
  const end = performance.now() + WARM_UP_MS;
  for (let i = 0; i < 5 || performance.now() < end; i++) run();
  return Math.max(0.001, time(run, 3));
}

function time(run: () => void, repeats: number): number {
  const startMs = performance.now();
  for (let i = 0; i < repeats; i++) run();
  return (performance.now() - startMs) / repeats;
}
