import { expect, it } from 'vitest';
import { keep, withKept } from './kept.ts';
import { DEFAULT_PARAMS } from './params.ts';
import { createPlanStore } from './store.ts';

const LONG = JSON.stringify({ ignore: Array.from({ length: 500 }, (_, i) => `model.layers.${i}`) });

function shelf() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => void kept.set(key, text),
  };
}

it('keeps a file that the link has no room for, until it is taken', () => {
  const own = shelf();
  const params = { ...DEFAULT_PARAMS, model: '', config: LONG };
  keep(own, { params, problem: null });
  keep(own, { params: { ...params, config: '{}' }, problem: null }); // that is in the link
  expect(withKept(own, { ...params, config: '' })).toEqual(params);
  expect(withKept(own, { ...params, config: '' }).config).toBe('');
});

it('gives it to no other model, and to no link that has its own', () => {
  const own = shelf();
  keep(own, { params: { ...DEFAULT_PARAMS, model: 'a/b', config: LONG }, problem: null });
  expect(withKept(own, DEFAULT_PARAMS)).toBe(DEFAULT_PARAMS);
  expect(withKept(own, { ...DEFAULT_PARAMS, model: 'a/b', config: '{}' }).config).toBe('{}');
  expect(withKept(own, { ...DEFAULT_PARAMS, model: 'a/c' }).config).toBe('');
});

it('keeps no text that breaks the page, which would break the next load too', () => {
  const own = shelf();
  const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
  const worker = { ask: () => new Promise<never>(() => {}), fetch: () => new Promise<never>(() => {}) };
  const store = createPlanStore({ ...DEFAULT_PARAMS, model: '', config: deep }, worker);
  expect(store.getState().problem).toBeTruthy();
  keep(own, store.getState());
  store.getState().takeConfig(LONG);
  keep(own, store.getState());
  expect(withKept(own, { ...DEFAULT_PARAMS, model: '' }).config).toBe('');
});

it('works where nothing can be kept', () => {
  const refuse = () => {
    throw new Error('blocked');
  };
  const blocked = { getItem: refuse, setItem: refuse };
  const params = { ...DEFAULT_PARAMS, model: '', config: LONG };
  for (const shelf of [blocked, null]) keep(shelf, { params, problem: null });
  expect(withKept(blocked, { ...params, config: '' }).config).toBe('');
  expect(withKept(null, { ...params, config: '' }).config).toBe('');
});
