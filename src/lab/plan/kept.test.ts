import { expect, it } from 'vitest';
import { keep, withKept } from './kept.ts';
import { DEFAULT_PARAMS } from './params.ts';

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
  keep(own, params);
  keep(own, { ...params, config: '{}' }); // that is in the link
  expect(withKept(own, { ...params, config: '' })).toEqual(params);
  expect(withKept(own, { ...params, config: '' }).config).toBe('');
});

it('gives it to no other model, and to no link that has its own', () => {
  const own = shelf();
  keep(own, { ...DEFAULT_PARAMS, model: 'a/b', config: LONG });
  expect(withKept(own, DEFAULT_PARAMS)).toBe(DEFAULT_PARAMS);
  expect(withKept(own, { ...DEFAULT_PARAMS, model: 'a/b', config: '{}' }).config).toBe('{}');
  expect(withKept(own, { ...DEFAULT_PARAMS, model: 'a/c' }).config).toBe('');
});

it('works where nothing can be kept', () => {
  const refuse = () => {
    throw new Error('blocked');
  };
  const blocked = { getItem: refuse, setItem: refuse };
  const params = { ...DEFAULT_PARAMS, model: '', config: LONG };
  keep(blocked, params);
  keep(null, params);
  expect(withKept(blocked, { ...params, config: '' }).config).toBe('');
  expect(withKept(null, { ...params, config: '' }).config).toBe('');
});
