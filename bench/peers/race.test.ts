import { expect, it } from 'vitest';
import { type Entrant, race, ratioOf } from './race.ts';

const options = {
  leastRounds: 2,
  budgetMs: Number.POSITIVE_INFINITY,
  mostMs: 1000,
  signal: new AbortController().signal,
};

/** Says what is done in an order that all share, and takes as long as it is told. */
function entrant(id: string, log: string[], ms: number, wrong = 0): Entrant {
  return {
    id,
    async prepare() {
      log.push(`${id} prepare`);
      return { wrong, maxAbsError: wrong, atOnce: 64 };
    },
    async iterate(runs) {
      log.push(`${id} ${runs}`);
      return ms;
    },
    async release() {
      log.push(`${id} release`);
    },
  };
}

it('gives each a turn a round, of as many runs as fill it, and another the first', async () => {
  const log: string[] = [];
  const outcomes = await race([entrant('a', log, 3), entrant('b', log, 50)], {
    ...options,
    rounds: 2,
    turnMs: 12,
  });
  expect(outcomes).toMatchObject([
    { id: 'a', kind: 'timed', runs: 4, samplesMs: [3, 3] },
    { id: 'b', kind: 'timed', runs: 1, samplesMs: [50, 50] },
  ]);
  const turns = log.slice(log.indexOf('b prepare') + 3);
  expect(turns).toEqual(['a 1', 'a 4', 'b 1', 'b 1', 'a 1', 'a 4', 'a release', 'b release']);
});

it('lets the threads of one go to sleep before the next has its turn', async () => {
  const log: string[] = [];
  const lingers: Entrant = {
    ...entrant('a', log, 20),
    lingersMs: 10,
    async iterate() {
      setTimeout(() => log.push('a sleeps'), 5);
      return 20;
    },
  };
  await race([lingers, entrant('b', log, 20)], { ...options, rounds: 3, turnMs: 10 });
  const before = log.flatMap((what, i) => (what === 'b 1' && log[i - 1] !== 'b 1' ? [log[i - 1]] : []));
  expect(before).toEqual(['b prepare', 'a sleeps', 'a sleeps']);
  expect(log.indexOf('a sleeps')).toBeLessThan(log.indexOf('b prepare'));
});

it('ends early where it takes long, but not before so many rounds', async () => {
  const [outcome] = await race([entrant('a', [], 20)], { ...options, rounds: 9, turnMs: 10, budgetMs: -1 });
  expect(outcome).toMatchObject({ samplesMs: [20, 20] });
  const stopped = { ...options, rounds: 9, turnMs: 10, signal: AbortSignal.abort() };
  expect(await race([entrant('a', [], 20)], stopped)).toMatchObject([{ samplesMs: [20] }]);
});

it('has no more runs under way than there is room for', async () => {
  const [outcome] = await race([entrant('a', [], 0.001)], { ...options, rounds: 1, turnMs: 100 });
  expect(outcome).toMatchObject({ runs: 64 });
});

it('times nobody whose result is wrong, nor whoever fails on the way, and goes on with the others', async () => {
  const breaks: Entrant = {
    ...entrant('breaks', [], 20),
    iterate: async () => {
      if (++turns > 3) throw new Error('out of memory');
      return 20;
    },
  };
  let turns = 0;
  const all = [entrant('wrong', [], 20, 3), entrant('slow', [], 2000), breaks, entrant('right', [], 20)];
  expect(await race(all, { ...options, rounds: 3, turnMs: 10 })).toEqual([
    { id: 'wrong', kind: 'failed', why: '3 elements are wrong, by up to 3.' },
    { id: 'slow', kind: 'failed', why: 'a run takes 2.0 s, too long for turns' },
    { id: 'breaks', kind: 'failed', why: 'out of memory' },
    { id: 'right', kind: 'timed', runs: 1, samplesMs: [20, 20, 20], maxAbsError: 0 },
  ]);
});

it('compares what was timed in the same round', () => {
  // Half of the rounds are twice as slow for both.
  expect(ratioOf([2, 4, 2, 4], [1, 2, 1, 2])).toEqual({ value: 2, low: 2, high: 2, undisturbed: 2 });
});
