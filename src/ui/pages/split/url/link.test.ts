import { expect, it } from 'vitest';
import { DEFAULT_PARAMS, problemWith } from '#lab/split/params.ts';
import { fromHash, type LinkState, linkStateOf, sameParams, toHash } from './link.ts';

const HOME: LinkState = { params: DEFAULT_PARAMS, at: null, cell: null };

it('is short where everything is as it comes', () => {
  expect(toHash(HOME)).toBe('#/split');
  expect(fromHash('')).toEqual(HOME);
  expect(fromHash('#/split')).toEqual(HOME);
});

it('comes back as it went', () => {
  const state: LinkState = {
    params: {
      ...DEFAULT_PARAMS,
      split: 'pair',
      ranks: 3,
      m: 7,
      bias: false,
      stored: true,
      seed: 4_294_967_295,
    },
    at: 2,
    cell: { row: 2, col: 7 },
  };
  expect(toHash(state)).toContain('&at=2&cell=2,7');
  expect(fromHash(toHash(state))).toEqual(state);
});

it('keeps what is malformed among the parameters for the problem sentence', () => {
  const { params } = fromHash('#/split?ranks=many&m=0');
  expect(problemWith(params)).toContain('number of ranks is not a number');
  expect(problemWith(fromHash('#/split?split=diagonal').params)).toContain('diagonal');
});

it.each(['-1', '1.5', 'x', '', '1e3', '99999999999'])('ignores at=%j', (at) => {
  expect(fromHash(`#/split?at=${at}`).at).toBeNull();
});

it.each(['1', '1,2,3', 'a,b', ',', '1,-2'])('ignores cell=%j', (cell) => {
  expect(fromHash(`#/split?cell=${cell}`).cell).toBeNull();
});

it('does not name the end of the timeline, where every run comes to rest', () => {
  const at = (value: number) => linkStateOf({ params: DEFAULT_PARAMS, at: value, run: null, cell: null }).at;
  expect(at(Number.POSITIVE_INFINITY)).toBeNull();
  expect(at(3)).toBe(3);
});

it('tells parameters apart by value, NaN too', () => {
  expect(sameParams(DEFAULT_PARAMS, { ...DEFAULT_PARAMS })).toBe(true);
  expect(sameParams({ ...DEFAULT_PARAMS, m: Number.NaN }, { ...DEFAULT_PARAMS, m: Number.NaN })).toBe(true);
  expect(sameParams(DEFAULT_PARAMS, { ...DEFAULT_PARAMS, ranks: 5 })).toBe(false);
});
