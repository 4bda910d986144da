import { expect, it } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { type Ask, createAnswerer } from './answer.ts';
import { knownConfig } from './knownModels.ts';
import { DEFAULT_PARAMS } from './params.ts';
import { createPlanStore } from './store.ts';

/** Answers after a turn, as a worker does; the hub has one model, of the files with `fileBytes`. */
function open(first = {}, fileBytes: number | null = null) {
  const asked: Ask[] = [];
  const answerTo = createAnswerer();
  const store = createPlanStore(
    { ...DEFAULT_PARAMS, ...first },
    {
      async ask(ask) {
        asked.push(ask);
        await settle();
        return answerTo(ask);
      },
      async fetch(name) {
        await settle();
        if (name !== 'org/one') throw new LabError('input', `There is no ${name}`);
        return { name, config: knownConfig('Qwen/Qwen2.5-0.5B') ?? '', fileBytes };
      },
    },
  );
  return { asked, store, state: store.getState };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

it('answers at once, and of many changes the last', async () => {
  const { asked, state } = open();
  expect(state().phase).toBe('searching');
  for (const sequences of [1, 2, 3, 4]) state().change({ sequences });
  await settle();
  await settle();
  await settle();
  expect(asked.map(({ question }) => question.load.sequences)).toEqual([16, 4]);
  expect(state().answer?.question.load.sequences).toBe(4);
  expect(state().phase).toBe('idle');
});

it('looks at another layout, and at none that there is not', async () => {
  const { state } = open();
  await settle();
  await settle();
  const second = state().answer?.plans[1];
  if (second === undefined) throw new Error('there are more layouts than one');
  const { tensor, pipeline, expert, data } = second;
  state().change({ chosen: { tensor, pipeline, expert, data } });
  await settle();
  await settle();
  expect(state().answer?.plan).toBe(second); // of the layouts that were found before
  state().change({ chosen: { tensor, pipeline, expert, data: 99 } });
  await settle();
  await settle();
  expect(state().answer?.plan).toBe(state().answer?.plans[0]);
  state().change({ chosen: { tensor, pipeline, expert, data } });
  state().change({ nodes: 2 });
  await settle();
  await settle();
  expect(state().answer?.plan).toMatchObject({ tensor, pipeline, expert, data });
});

it('says what is wrong, and keeps the last answer', async () => {
  const { state } = open();
  await settle();
  await settle();
  const { answer } = state();
  for (const [patch, words] of [
    [{ nodes: Number.NaN }, 'number of nodes'],
    [{ nodes: 1, gpu: 'm4-max' }, 'stands alone'],
    [{ gpu: 'h100', prompt: 200_000 }, 'has positions for 131,072'],
    [{ prompt: 100, config: '{' }, 'config.json'],
    [{ config: '', model: 'no/such' }, '“no/such” does not come with this page'],
  ] as const) {
    state().change(patch);
    expect(state().problem).toContain(words);
  }
  expect(state().answer).toBe(answer);
  state().change({ model: 'Qwen/Qwen2.5-0.5B' });
  expect(state().problem).toBeNull();
});

it('fetches what does not come along, and takes the bytes of its files', async () => {
  const { state } = open({}, 1_000_000_000);
  await state().takeName('org/one');
  expect(state()).toMatchObject({ problem: null, fileBytes: 1_000_000_000 });
  expect(state().model?.name).toBe('one');
  await state().takeName('org/two');
  expect(state().problem).toBe('There is no org/two.');
  expect(state().model?.name).toBe('one');
});

it('drops what the hub answers late', async () => {
  const { state } = open();
  const late = state().takeName('org/one');
  state().change({ model: 'Qwen/Qwen2.5-7B' });
  await late;
  expect(state().params.model).toBe('Qwen/Qwen2.5-7B');
});
