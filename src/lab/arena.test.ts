import { expect, it } from 'vitest';
import { arenaFor } from './arena.ts';
import { layersExperiment } from './layers/experiment.ts';
import { DEFAULT_PARAMS as LAYERS } from './layers/params.ts';
import { splitExperiment } from './split/experiment.ts';
import { DEFAULT_PARAMS, PRESETS } from './split/params.ts';

const MIB = 2 ** 20;

it('asks for what is held, from 1 to 16 MiB', () => {
  expect([0, 1, MIB, 3 * MIB, 100 * MIB].map((bytes) => arenaFor(bytes) / MIB)).toEqual([1, 1, 2, 4, 16]);
});

it('asks little for the pages’ first runs, and enough for large ones', () => {
  expect(splitExperiment.arenaBytes(DEFAULT_PARAMS)).toBe(MIB);
  expect(layersExperiment.arenaBytes(LAYERS)).toBe(MIB);
  const llama = PRESETS.find(({ id }) => id === 'llama-mlp')?.params;
  expect(splitExperiment.arenaBytes({ ...DEFAULT_PARAMS, ...llama })).toBe(16 * MIB);
  expect(splitExperiment.arenaBytes({ ...DEFAULT_PARAMS, m: 512, k: 64, n: 1024 })).toBe(8 * MIB); // Y is 2 MiB, twice
});
