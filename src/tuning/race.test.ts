import { expect, test } from 'vitest';
import { uniform } from '../numerics/random.ts';
import { nextOf, type Race, standingOf, startRace, timed } from './race.ts';

/** Kernels by what a product truly takes, on a clock that errs by up to `noise` of it, as 5 ms batches do. */
function raced(
  trueMs: Readonly<Record<string, number>>,
  noise: number,
  seed = 1,
  options = { budgetMs: 300 },
): Race {
  const [incumbent = '', ...others] = Object.keys(trueMs);
  let race = startRace(incumbent, others, options);
  let turn = 0;
  for (let id = nextOf(race); id !== null; id = nextOf(race)) {
    const ms = trueMs[id] ?? 0;
    race = timed(race, ms * (1 + noise * uniform(seed, turn++)), Math.max(5, ms));
  }
  return race;
}

test('takes one that is within 4 % of the best, on clocks that err', () => {
  for (let seed = 1; seed <= 500; seed++) {
    const ids = Array.from({ length: 2 + (seed % 8) }, (_, i) => `kernel ${i}`);
    const trueMs = Object.fromEntries(ids.map((id, i) => [id, 1 + (uniform(seed, 1000 + i) + 1) / 2]));
    const { winner } = standingOf(raced(trueMs, 0.02, seed));
    // 4 % for the incumbent's sake, and what medians of a few readings err by.
    expect(trueMs[winner], `seed ${seed}`).toBeLessThanOrEqual(1.06 * Math.min(...Object.values(trueMs)));
  }
});

test('the incumbent stays where another is no faster, or hardly', () => {
  for (let seed = 1; seed <= 200; seed++) {
    expect(standingOf(raced({ old: 1, same: 1, hardly: 0.985 }, 0.01, seed)).winner).toBe('old');
    expect(standingOf(raced({ old: 1, faster: 0.9 }, 0.01, seed)).winner).toBe('faster');
  }
});

test('keeps to its budget, but for the timing under way', () => {
  const many = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`kernel ${i}`, 1 + i / 100]));
  for (const budgetMs of [0, 40, 300]) {
    const { spentMs } = raced(many, 0.01, 1, { budgetMs });
    expect(spentMs).toBeLessThan(budgetMs + 5);
  }
  expect(raced({ alone: 1 }, 0.01).spentMs).toBe(0);
});

test('a race that was cut short knows no winner', () => {
  expect(standingOf(raced({ old: 1, faster: 0.5 }, 0, 1, { budgetMs: 12 }))).toEqual({
    winner: 'old',
    mediansMs: [
      ['faster', 0.5],
      ['old', 1],
    ],
  });
});

test('who has no hope leaves after one turn, and the slower half after three', () => {
  const race = raced({ old: 1, slow: 3, a: 0.9, b: 0.7, c: 0.8 }, 0);
  const times = Object.fromEntries(Object.entries(race.timesMs).map(([id, ms]) => [id, ms.length]));
  expect(times).toEqual({ old: 9, b: 9, c: 6, a: 3, slow: 1 });
  expect(standingOf(race).winner).toBe('b');
});

test('an exhaustive race times all alike, whatever it takes', () => {
  let race = startRace('old', ['slow', 'new'], { budgetMs: Number.POSITIVE_INFINITY, exhaustive: true });
  const trueMs: Readonly<Record<string, number>> = { old: 1, slow: 40, new: 0.5 };
  for (let id = nextOf(race); id !== null; id = nextOf(race)) race = timed(race, trueMs[id] ?? 0, 40);
  expect(Object.values(race.timesMs).map((times) => times.length)).toEqual([15, 15, 15]);
  expect(standingOf(race).winner).toBe('new');
});
