import { describe, expect, it } from 'vitest';
import { type LinkedState, sameParams } from '#lab/experiment.ts';
import { type LayerKinds, layersExperiment } from '#lab/layers/experiment.ts';
import type { LayerRun } from '#lab/layers/run.ts';
import { type SplitKinds, splitExperiment } from '#lab/split/experiment.ts';
import { stepsOf } from '#program/plan.ts';
import { fromHash, linkOf, pageIdOf, queryOf, toHash } from './hash.ts';

it.each([
  ['', 'split'],
  ['#', 'split'],
  ['#/', 'split'],
  ['#/split', 'split'],
  ['#/split?ranks=3', 'split'],
  ['#/split/?ranks=3', 'split'],
  ['#/layers?x=1', 'layers'],
  ['#?ranks=3', 'split'],
])('the hash %j names %s', (hash, id) => expect(pageIdOf(hash)).toBe(id));

it('reads the query behind the page', () => {
  expect(queryOf('#/split?ranks=3&at=2').get('ranks')).toBe('3');
  expect([...queryOf('#/split').keys()]).toEqual([]);
});

describe('the Split page', () => {
  const HOME: LinkedState<SplitKinds> = { params: splitExperiment.defaults, at: null, selected: null };

  it('is short where everything is as it comes', () => {
    expect(toHash(splitExperiment, HOME)).toBe('#/split');
    expect(fromHash(splitExperiment, '')).toEqual(HOME);
    expect(fromHash(splitExperiment, '#/split')).toEqual(HOME);
  });

  it('comes back as it went', () => {
    const state: LinkedState<SplitKinds> = {
      params: {
        ...splitExperiment.defaults,
        split: 'pair',
        ranks: 3,
        m: 7,
        bias: false,
        stored: true,
        seed: 4_294_967_295,
      },
      at: 2,
      selected: { row: 2, col: 7 },
    };
    expect(toHash(splitExperiment, state)).toContain('&at=2&cell=2,7');
    expect(fromHash(splitExperiment, toHash(splitExperiment, state))).toEqual(state);
  });

  it('keeps what is malformed among the parameters for the problem sentence', () => {
    const { params } = fromHash(splitExperiment, '#/split?ranks=many&m=0');
    expect(splitExperiment.problemWith(params)).toContain('number of ranks is not a number');
    expect(splitExperiment.problemWith(fromHash(splitExperiment, '#/split?split=diagonal').params)).toContain(
      'diagonal',
    );
  });

  it.each(['-1', '1.5', 'x', '', '1e3', '99999999999'])('ignores at=%j', (at) => {
    expect(fromHash(splitExperiment, `#/split?at=${at}`).at).toBeNull();
  });

  it.each(['1', '1,2,3', 'a,b', ',', '1,-2'])('ignores cell=%j', (cell) => {
    expect(fromHash(splitExperiment, `#/split?cell=${cell}`).selected).toBeNull();
  });

  it('does not name the end of the timeline, where every run comes to rest', () => {
    const at = (value: number) =>
      linkOf(splitExperiment, { params: splitExperiment.defaults, at: value, run: null, selected: null }).at;
    expect(at(Number.POSITIVE_INFINITY)).toBeNull();
    expect(at(3)).toBe(3);
  });

  it('tells parameters apart by value, NaN too', () => {
    expect(sameParams(splitExperiment, splitExperiment.defaults, { ...splitExperiment.defaults })).toBe(true);
    expect(
      sameParams(
        splitExperiment,
        { ...splitExperiment.defaults, m: Number.NaN },
        { ...splitExperiment.defaults, m: Number.NaN },
      ),
    ).toBe(true);
    expect(
      sameParams(splitExperiment, splitExperiment.defaults, { ...splitExperiment.defaults, ranks: 5 }),
    ).toBe(false);
  });
});

describe('the Layers page', () => {
  const HOME: LinkedState<LayerKinds> = { params: layersExperiment.defaults, at: null, selected: null };

  it('is short where everything is as it comes', () => {
    expect(toHash(layersExperiment, HOME)).toBe('#/layers');
    expect(fromHash(layersExperiment, '#/layers')).toEqual(HOME);
  });

  it('comes back as it went', () => {
    const state: LinkedState<LayerKinds> = {
      params: {
        ...layersExperiment.defaults,
        layer: 'mlp',
        ranks: 3,
        sizes: { merged: true, intermediate: 21 },
      },
      at: 5,
      selected: 'gate_up_proj.weight',
    };
    expect(toHash(layersExperiment, state)).toBe(
      '#/layers?layer=mlp&ranks=3&s.intermediate=21&s.merged=1&at=5&open=gate_up_proj.weight',
    );
    expect(fromHash(layersExperiment, toHash(layersExperiment, state))).toEqual(state);
    const spaced = { ...HOME, selected: 'kv_b_proj.weight, keys' };
    expect(fromHash(layersExperiment, toHash(layersExperiment, spaced))).toEqual(spaced);
  });

  it('keeps what is malformed among the parameters for the problem sentence', () => {
    expect(
      layersExperiment.problemWith(fromHash(layersExperiment, '#/layers?layer=sponge').params),
    ).toContain('sponge');
    expect(
      layersExperiment.problemWith(fromHash(layersExperiment, '#/layers?s.heads=many').params),
    ).toContain('“Query heads” is not a number');
  });

  it.each(['-1', '1.5', 'x', '', '1e3'])('ignores at=%j', (at) => {
    expect(fromHash(layersExperiment, `#/layers?at=${at}`).at).toBeNull();
  });

  it('does not name the end, where every run comes to rest', () => {
    const plan = layersExperiment.planOf(layersExperiment.defaults);
    const run = { plan } as unknown as LayerRun;
    const at = (value: number) =>
      linkOf(layersExperiment, { params: layersExperiment.defaults, at: value, run, selected: null }).at;
    expect(at(stepsOf(plan).length)).toBeNull();
    expect(at(stepsOf(plan).length - 1)).toBe(stepsOf(plan).length - 1);
  });

  it('tells parameters apart by value, sizes too', () => {
    expect(
      sameParams(layersExperiment, layersExperiment.defaults, { ...layersExperiment.defaults, sizes: {} }),
    ).toBe(true);
    expect(
      sameParams(layersExperiment, layersExperiment.defaults, {
        ...layersExperiment.defaults,
        sizes: { heads: 2 },
      }),
    ).toBe(false);
    const nan = { ...layersExperiment.defaults, ranks: Number.NaN };
    expect(sameParams(layersExperiment, nan, { ...nan })).toBe(true);
  });
});
