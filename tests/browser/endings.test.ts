/** How a group is refused, goes wrong and ends, and what the page hears of it. */

import { afterEach, describe, expect, it } from 'vitest';
import { LabError, type LaunchOptions, launch, type RankGroup } from '../../src/index.ts';
import type { FaultsProgram, Thrown } from './faults.rank.ts';

const alive = new Set<Worker>();
const groups: RankGroup<FaultsProgram>[] = [];

function startWorker(): Worker {
  const worker = new Worker(new URL('./faults.rank.ts', import.meta.url), { type: 'module' });
  const terminate = worker.terminate.bind(worker);
  worker.terminate = () => {
    alive.delete(worker);
    terminate();
  };
  alive.add(worker);
  return worker;
}

async function start(worldSize: number, options: Partial<LaunchOptions> = {}) {
  const base = { device: 'cpu', timeoutMs: 8000, program: startWorker } as const;
  const group = await launch<FaultsProgram>({ ...base, worldSize, ...options });
  groups.push(group);
  return group;
}

async function failure(promise: Promise<unknown>): Promise<LabError> {
  const thrown = await promise.then(
    () => new Error('it should have failed'),
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(LabError);
  return thrown as LabError;
}

afterEach(async () => {
  for (const group of groups.splice(0)) await group.close();
  const left = alive.size;
  alive.clear(); // one test's failure is not the next one's
  expect(left).toBe(0); // however it ended
});

it('an abort while the workers are made leaves none behind', async () => {
  for (const at of [0, 1, 3]) {
    const controller = new AbortController();
    let made = 0;
    const program = (): Worker => {
      if (made++ === at) controller.abort();
      return startWorker();
    };
    const error = await failure(start(4, { program, signal: controller.signal }));
    expect(error.code).toBe('closed');
    expect([at, made, alive.size]).toEqual([at, at + 1, 0]);
  }
});

describe('what a rank throws', () => {
  it('blames nobody where the machine slept', async () => {
    const group = await start(2);
    const error = await failure(group.all((rank) => rank.throwOn(1, 'interruption')));
    expect(error.rank).toBeUndefined();
    expect(error).toMatchObject({ code: 'interrupted', message: 'The machine slept.' });
  });

  it.each(['timer', 'promise'] as const)('in a %s reaches the page with its message', async (where) => {
    const group = await start(2);
    const error = await failure(group.all((rank) => rank.throwAsideOn(1, where, 'boom')));
    expect(error).toMatchObject({ code: 'rank-failed', rank: 1 });
    expect(error.message).toBe('Rank 1 threw, and nothing caught it: boom');
    expect(group.closed).toBe(true);
  });

  it.each([
    [
      'its script',
      () => new Worker(new URL('./faults.rank.ts', import.meta.url), { type: 'module', name: 'throws' }),
    ],
    [
      'a promise of its script',
      () => new Worker(new URL('./faults.rank.ts', import.meta.url), { type: 'module', name: 'rejects' }),
    ],
    [
      'a promise of the program as it is made',
      () =>
        new Worker(new URL('./faults.rank.ts', import.meta.url), { type: 'module', name: 'rejects late' }),
    ],
  ] as const)('in %s fails the launch with its message', async (_, program) => {
    const error = await failure(start(2, { program, timeoutMs: 3000 }));
    expect(error).toMatchObject({ code: 'rank-failed', rank: expect.any(Number) });
    expect(error.message).toBe(`Rank ${error.rank} threw, and nothing caught it: boom`);
  });

  it.each(['timer', 'promise'] as const)('in a %s between two calls is told to the next', async (where) => {
    const group = await start(2);
    await group.all((rank) => rank.throwAfterwardsOn(1, where, 'boom'));
    await expect.poll(() => group.closed, { timeout: 10_000 }).toBe(true);
    const error = await failure(group.all((rank) => rank.sum(1)));
    expect(error.message).toContain('boom');
    expect(group.ended.reason).toBe(error);
  });

  it.each<[Thrown, RegExp]>([
    ['undefined', /throwOn\(\) threw undefined, which is no Error/],
    ['symbol', /throwOn\(\) threw Symbol\(odd\)/],
    ['bare object', /throwOn\(\) threw {}/],
    ['nest', /throwOn\(\) threw (\{"value":|an object)/],
    ['DOMException', /AbortError/],
    ['Error of odd parts', /Error/],
  ])('%s is put into words', async (what, words) => {
    const group = await start(2);
    const error = await failure(group.all((rank) => rank.throwOn(1, what)));
    expect(error).toMatchObject({ code: 'rank-failed', rank: 1 });
    expect(error.message).toMatch(/^Rank 1 failed/);
    expect(error.message).toMatch(words);
    expect(error.message.length).toBeLessThan(400);
  });
});

describe('what cannot be sent', () => {
  it('as a result ends the group, and names rank and method', async () => {
    const group = await start(2);
    const error = await failure(group.all((rank) => rank.returnFunction()));
    expect(error).toMatchObject({ code: 'rank-failed', rank: 0 });
    expect(error.message).toMatch(/^Rank 0 failed: what returnFunction\(\) returned cannot be sent/);
  });

  it('as an argument to every rank is refused, and the group lives', async () => {
    const group = await start(2);
    const error = await failure(group.all((rank) => rank.take(() => {})));
    expect(error).toMatchObject({ code: 'input', rank: 0 });
    expect(error.message).toMatch(/^What take\(\) on rank 0 was given cannot be sent/);
    expect(await group.all((rank) => rank.sum(1))).toEqual([2, 2]);
  });

  it('as an argument to one rank frees the others, which wait for it', async () => {
    const group = await start(3);
    const started = performance.now();
    const error = await failure(group.all((rank, index) => rank.take(index === 1 ? () => {} : 1)));
    expect(error).toMatchObject({ code: 'input', rank: 1 });
    expect(error.message).toMatch(/^What take\(\) on rank 1 was given cannot be sent/);
    expect(performance.now() - started).toBeLessThan(4000);
    expect(group.closed).toBe(true);
  });
});

describe('launch() refuses', () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    ['worldSize', { worldSize: '4' }, /^worldSize is “4”; it must be a whole number from 1 to 64\.$/],
    ['worldSize', { worldSize: 2.5 }, /^worldSize is 2\.5; /],
    ['device', { device: 'tpu' }, /^device is “tpu”; it must be auto, webgpu or cpu\.$/],
    ['device', { device: null }, /^device is null; /],
    [
      'timeoutMs',
      { timeoutMs: Number.NaN },
      /^timeoutMs is NaN; it must be a number of milliseconds above 0/,
    ],
    ['timeoutMs', { timeoutMs: Number.POSITIVE_INFINITY }, /^timeoutMs is Infinity; /],
    ['timeoutMs', { timeoutMs: 0 }, /^timeoutMs is 0; /],
    ['timeoutMs', { timeoutMs: '5000' }, /^timeoutMs is “5000”; /],
    ['arenaBytes', { memory: { arenaBytes: -5 } }, /^arenaBytes is −5; it must be a whole number of bytes/],
    [
      'slotBytes',
      { memory: { slotBytes: Number.NaN } },
      /^slotBytes is NaN; it must be a whole number of bytes/,
    ],
    ['mailboxBytes', { memory: { mailboxBytes: 1.5 } }, /^mailboxBytes is 1\.5; /],
    ['arenaBytes', { memory: { arenaBytes: 2 ** 40 } }, /^arenaBytes is 1099511627776; /],
    ['the whole', { memory: { arenaBytes: 2 ** 31 } }, /4,096 MiB/],
    ['signal', { signal: {} }, /^signal is {}; it must be an AbortSignal/],
    ['trace', { trace: { last: -1 } }, /^trace is {"last":-1}; it must be “off”, “all” or/],
    ['trace', { trace: 'some' }, /^trace is “some”; /],
    ['program', { program: 'rank.ts' }, /^program is “rank\.ts”; it must be a function that makes a Worker/],
    [
      'program',
      { program: () => undefined },
      /^program\(\) returned undefined for rank 0; it must return a new Worker/,
    ],
    ['program', { program: async () => startWorker }, /^program\(\) returned a Promise for rank 0/],
  ])('%s %o', async (_, options, sentence) => {
    const error = await failure(start(2, options as Partial<LaunchOptions>));
    expect(error.code).toBe('input');
    expect(error.message).toMatch(sentence);
  });

  it('one worker for two ranks', async () => {
    const worker = startWorker();
    const error = await failure(start(2, { program: () => worker }));
    expect(error.message).toMatch(/^program\(\) returned the worker of rank 0 for rank 1/);
  });
});

describe('a refused input', () => {
  it('ends nothing where all ranks refuse alike', async () => {
    const group = await start(3);
    for (const barriers of [0, 0, 2, 0]) {
      const error = await failure(group.all((rank) => rank.refuse([0, 1, 2], barriers)));
      expect(error).toMatchObject({ code: 'input', rank: 0, message: 'Rank 0 wants no such thing.' });
      expect(await group.all((rank, index) => rank.sum(index + 1))).toEqual([6, 6, 6]);
    }
    expect(group.closed).toBe(false);
  });

  it('ends no call that came after it', async () => {
    const group = await start(2);
    const refused = failure(group.all((rank) => rank.refuse([0, 1], 0)));
    const sums = [1, 2, 3].map((value) => group.all((rank) => rank.sum(value)));
    expect((await refused).code).toBe('input');
    expect(await Promise.all(sums)).toEqual([
      [2, 2],
      [4, 4],
      [6, 6],
    ]);
  });

  it('of one rank frees those that wait for it, and both are named', async () => {
    for (const barriers of [0, 1]) {
      const group = await start(3);
      const started = performance.now();
      const error = await failure(group.all((rank) => rank.refuse([1], barriers)));
      expect(error).toMatchObject({ code: 'input', rank: 1 });
      expect(error.message).toMatch(
        /^Rank 1 wants no such thing\. Rank 1 refused this and rank [02] did not, so the group was closed\.$/,
      );
      expect(performance.now() - started).toBeLessThan(4000);
      expect(group.closed).toBe(true);
    }
  });

  it('of one rank ends the group where the others are done too', async () => {
    const group = await start(2);
    const error = await failure(group.all((rank) => rank.refuseOn(1)));
    expect(error.message).toMatch(/^Rank 1 wants no such thing\. Rank 1 refused this and rank 0 did not/);
    expect(group.closed).toBe(true);
    expect(group.ended.reason).toBe(error);
  });

  it('ends the group where a letter was left lying about', async () => {
    const group = await start(2);
    const error = await failure(group.all((rank) => rank.refuseAfterLetter()));
    expect(error).toMatchObject({ code: 'input', rank: 0 });
    expect(error.message).toMatch(/^Rank 0 wants no such thing\. The ranks refused at different points/);
    expect(group.closed).toBe(true);
  });

  it('in the page itself is like one in the ranks', async () => {
    const group = await start(2);
    const refuse = async (): Promise<never> => {
      throw new LabError('input', 'No.');
    };
    expect((await failure(group.all(refuse))).message).toBe('No.');
    expect(await group.all((rank) => rank.sum(2))).toEqual([4, 4]);
    const one = group.all(async (rank, index) => (index === 1 ? refuse() : rank.sum(2)));
    expect((await failure(one)).message).toMatch(/^No\. Rank 1 refused this and rank 0 did not/);
  });
});
