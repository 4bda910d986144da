import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LinearShape } from '../../operations/operations.ts';
import { acquireGpu } from './adapter.ts';
import { type Abilities, abilitiesOf, lacks } from './kernel.ts';
import { linearVariants } from './products.ts';
import { Trials } from './trials.ts';
import { LinearTuner } from './tuner.ts';

let trials: Trials;
let abilities: Abilities;
let software: boolean;

beforeAll(async () => {
  const { gpu, info } = await acquireGpu('test of the tuner');
  abilities = abilitiesOf(gpu);
  software = info.software;
  trials = new Trials(gpu, info.software, navigator.userAgent);
});

afterAll(() => trials.close());

/** SwiftShader takes seconds to compile a tile: there, those with every kind of block and of loading. */
const inSoftware = ['tiles-32-short', 'tiles-64x128', 'subgroup-32', 'subgroup-16', 'registers', 'reference'];

test('all kernels of a product but few-rows give the same bits', async () => {
  const shape: LinearShape = { m: 131, k: 100, n: 260 }; // of which no tile is a divisor
  const variants = linearVariants.filter(
    (variant) =>
      variant.order === undefined &&
      lacks(variant, abilities) === null &&
      (!software || inSoftware.includes(variant.id)),
  );
  expect(variants.length).toBeGreaterThanOrEqual(inSoftware.length);
  const trial = trials.open(shape);
  trials.expect(trial, variantOf('reference'));
  await Promise.all(variants.map((variant) => trials.prepare(variant, shape)));
  for (const variant of variants) expect(await trials.differing(trial, variant), variant.id).toBe(0);
  trials.free(trial);
}, 120_000);

test('a comparison sees other bits', async () => {
  const trial = trials.open({ m: 2, k: 1030, n: 9 });
  trials.expect(trial, variantOf('reference'));
  expect(await trials.differing(trial, variantOf('reference'))).toBe(0);
  expect(await trials.differing(trial, variantOf('few-rows'))).toBeGreaterThan(0);
  trials.free(trial);
});

test('tunes a class of shapes, and refuses none of its own kernels', async () => {
  const tuner = await LinearTuner.open('test of the tuner');
  const { variant, guess, mediansMs, refused } = await tuner.tune('16x256x256', {
    budgetMs: 10,
    exhaustive: true,
  });
  expect(refused).toEqual([]);
  expect(mediansMs.map(([id]) => id)).toContain(guess);
  expect(mediansMs.length).toBeGreaterThan(1);
  expect(mediansMs.map(([id]) => id)).toContain(variant);
  await expect(tuner.tune('17x256x256', { budgetMs: 10 })).rejects.toThrow(
    '17x256x256 is no class of shapes.',
  );
  tuner.close();
});

function variantOf(id: string): (typeof linearVariants)[number] {
  const found = linearVariants.find((variant) => variant.id === id);
  if (found === undefined) throw new Error(`no kernel ${id}`);
  return found;
}
