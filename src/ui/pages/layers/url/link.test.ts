import { expect, it } from 'vitest';
import { planOf } from '#lab/layers/experiment.ts';
import { DEFAULT_PARAMS, problemWith } from '#lab/layers/params.ts';
import type { LayerRun } from '#lab/layers/run.ts';
import { stepsOf } from '#program/plan.ts';
import { fromHash, type LinkState, linkStateOf, sameParams, toHash } from './link.ts';

const HOME: LinkState = { params: DEFAULT_PARAMS, at: null, open: null };

it('is short where everything is as it comes', () => {
  expect(toHash(HOME)).toBe('#/layers');
  expect(fromHash('#/layers')).toEqual(HOME);
});

it('comes back as it went', () => {
  const state: LinkState = {
    params: { ...DEFAULT_PARAMS, layer: 'mlp', ranks: 3, sizes: { merged: true, intermediate: 21 } },
    at: 5,
    open: 'gate_up_proj.weight',
  };
  expect(toHash(state)).toBe(
    '#/layers?layer=mlp&ranks=3&s.intermediate=21&s.merged=1&at=5&open=gate_up_proj.weight',
  );
  expect(fromHash(toHash(state))).toEqual(state);
  const spaced = { ...HOME, open: 'kv_b_proj.weight, keys' };
  expect(fromHash(toHash(spaced))).toEqual(spaced);
});

it('keeps what is malformed among the parameters for the problem sentence', () => {
  expect(problemWith(fromHash('#/layers?layer=sponge').params)).toContain('sponge');
  expect(problemWith(fromHash('#/layers?s.heads=many').params)).toContain('“Query heads” is not a number');
});

it.each(['-1', '1.5', 'x', '', '1e3'])('ignores at=%j', (at) => {
  expect(fromHash(`#/layers?at=${at}`).at).toBeNull();
});

it('does not name the end, where every run comes to rest', () => {
  const plan = planOf(DEFAULT_PARAMS);
  const run = { plan } as unknown as LayerRun;
  const at = (value: number) => linkStateOf({ params: DEFAULT_PARAMS, at: value, run, selected: null }).at;
  expect(at(stepsOf(plan).length)).toBeNull();
  expect(at(stepsOf(plan).length - 1)).toBe(stepsOf(plan).length - 1);
});

it('tells parameters apart by value, sizes too', () => {
  expect(sameParams(DEFAULT_PARAMS, { ...DEFAULT_PARAMS, sizes: {} })).toBe(true);
  expect(sameParams(DEFAULT_PARAMS, { ...DEFAULT_PARAMS, sizes: { heads: 2 } })).toBe(false);
  const nan = { ...DEFAULT_PARAMS, ranks: Number.NaN };
  expect(sameParams(nan, { ...nan })).toBe(true);
});
