import { expect, test, vi } from 'vitest';
import { type Chapter, inRound } from './chapter.ts';
import type { RanksOfStory } from './lab.ts';
import { createStoryStore } from './store.ts';

/** A chapter whose ranks find the number of the round, when they are told to. */
function chapterOf(id: string, ran: (round: number) => Promise<number> = async (round) => round) {
  const chapter: Chapter<number, number, number> = {
    id,
    title: id,
    paper: '',
    given: (round) => round,
    prepare: async (round) => round * 10,
    ask: (round, before) => ({
      question: `${round} ${before}`,
      body: '',
      fields: [{ kind: 'number', key: 'n', label: '', unit: '', max: 100 }],
    }),
    run: (round) => ran(round),
    judge: ({ found, answer }) => ({
      facts: [{ label: 'n', guess: String(answer['n']), found: String(found), right: answer['n'] === found }],
      because: '',
    }),
  };
  return chapter;
}

function open(chapters: readonly Chapter[], kept = new Map<string, string>()) {
  const shelf = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  const lab = { stop: vi.fn() } as unknown as RanksOfStory;
  const store = createStoryStore({ chapters, lab, place: { chapter: 0, round: 1 }, shelf: () => shelf });
  return { store, lab };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

test('a chapter asks once its ranks have prepared it, and is answered once they have run it', async () => {
  const kept = new Map<string, string>();
  const { store } = open([chapterOf('one')], kept);
  expect(store.getState().phase).toBe('preparing');
  await settle();
  expect(store.getState().ask?.question).toBe('1 10');
  store.getState().submit();
  expect(store.getState().phase).toBe('asking'); // nothing was predicted
  store.getState().predict('n', 101);
  store.getState().submit();
  expect(store.getState().phase).toBe('asking'); // more than the field takes
  store.getState().predict('n', 1);
  store.getState().submit();
  await settle();
  expect(store.getState().phase).toBe('answered');
  expect(store.getState().progress).toEqual({ one: { round: 1, right: true } });
  expect(open([], kept).store.getState().progress).toEqual(store.getState().progress);
});

test('what an earlier chapter still runs changes nothing in the one that is shown', async () => {
  let finish = (_: number): void => {};
  const slow = new Promise<number>((resolve) => {
    finish = resolve;
  });
  const { store, lab } = open([chapterOf('slow', () => slow), chapterOf('two')]);
  await settle();
  store.getState().predict('n', 1);
  store.getState().submit();
  store.getState().go({ chapter: 1, round: 3 });
  expect(lab.stop).toHaveBeenCalledOnce();
  finish(1);
  await settle();
  expect(store.getState().ask?.question).toBe('3 30');
  expect(store.getState().progress).toEqual({});
});

test('a failure is told, and the chapter can be tried again', async () => {
  let fails = true;
  const chapter = chapterOf('one', async (round) => {
    if (fails) throw new Error('rank 2 is gone');
    return round;
  });
  const { store } = open([chapter]);
  await settle();
  store.getState().predict('n', 1);
  store.getState().submit();
  await settle();
  expect(store.getState()).toMatchObject({ phase: 'failed', failure: { message: 'rank 2 is gone' } });
  fails = false;
  store.getState().retry();
  await settle();
  store.getState().predict('n', 5);
  store.getState().submit();
  await settle();
  expect(store.getState()).toMatchObject({ phase: 'answered', progress: { one: { right: false } } });
});

test('stopped, the ranks end and the chapter says so', async () => {
  const { store, lab } = open([chapterOf('one', () => new Promise(() => {}))]);
  await settle();
  store.getState().predict('n', 1);
  store.getState().submit();
  store.getState().stop();
  expect(lab.stop).toHaveBeenCalledOnce();
  expect(store.getState()).toMatchObject({ phase: 'failed', failure: null });
});

test('kept progress that is none is as if there were none', () => {
  for (const text of ['', 'null', '[1]', '{"one":{"round":"x","right":true},"two":7}', '{']) {
    expect(open([], new Map([['ringside-story', text]])).store.getState().progress).toEqual({});
  }
});

test('a round has the same numbers each time, and rounds differ', () => {
  const values = [1, 2, 3, 4];
  const rounds = Array.from({ length: 20 }, (_, i) => inRound(values, i + 1, 5));
  expect(rounds[0]).toBe(1);
  expect(new Set(rounds).size).toBe(values.length);
  expect(rounds).toEqual(Array.from({ length: 20 }, (_, i) => inRound(values, i + 1, 5)));
});
