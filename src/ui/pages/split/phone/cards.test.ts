import { expect, it } from 'vitest';
import { configOf, DEFAULT_PARAMS, type SplitParams } from '#lab/split/params.ts';
import { timelineOf } from '#lab/split/timeline.ts';
import { planSplit } from '#program/splitPlan.ts';
import { layoutLines } from '../stage/layout.ts';
import { cardOf, equationCards, RING } from './cards.ts';

const WIDTH = 326;

/** The names of the cards, and where the moments go. */
function walk(params: Partial<SplitParams>): { names: string[]; turns: string[] } {
  const plan = planSplit(configOf({ ...DEFAULT_PARAMS, ...params }));
  const cards = equationCards(plan, layoutLines(plan, false, WIDTH));
  const nameOf = (id: string | undefined) =>
    id === RING ? 'Ring' : (cards.find((card) => card.id === id)?.name ?? '');
  const all = timelineOf(plan).map((moment) => nameOf(cardOf(plan, cards, moment)));
  return { names: cards.map(({ name }) => name), turns: all.filter((name, i) => name !== all[i - 1]) };
}

it.each([
  [{ split: 'row' }, ['X · W', 'Partials', 'Y'], ['X · W', 'Partials', 'Ring', 'Y']],
  [{ split: 'row', ranks: 1 }, ['X · W', 'Y'], ['X · W', 'Y']],
  [{ split: 'column' }, ['X · W', 'Shards', 'Y'], ['X · W', 'Shards', 'Ring', 'Y']],
  [{ split: 'column', gatherOutput: false }, ['X · W', 'Y'], ['X · W', 'Y']],
  [{ split: 'none', ranks: 8 }, ['X · W', 'Y'], ['X · W', 'Y']],
  [{ split: 'pair' }, ['X · A', 'H · B', 'Partials', 'Y'], ['X · A', 'H · B', 'Partials', 'Ring', 'Y']],
  [{ split: 'pair', ranks: 1 }, ['X · A', 'H · B', 'Y'], ['X · A', 'H · B', 'Y']],
] as const)('%j', (params, names, turns) => {
  expect(walk(params)).toEqual({ names, turns });
});

it('keeps every card within the width that there is', () => {
  for (const split of ['row', 'column', 'pair', 'none'] as const) {
    for (const ranks of [1, 4, 8]) {
      const plan = planSplit(configOf({ ...DEFAULT_PARAMS, split, ranks }));
      for (const { width } of layoutLines(plan, false, WIDTH)) {
        if (ranks < 8) expect(width).toBe(WIDTH); // with more a card scrolls by itself
      }
    }
  }
});
