/** Weights of 16 bits on a device that keeps them: what a rank holds then, for the layers of all kinds. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Recorder } from '../base/trace.ts';
import { createCpuDevice } from '../device/cpu/device.ts';
import { deviceThatKeeps } from '../device/testing/keeping.ts';
import { bytesOf, type FloatType } from '../numerics/dtype.ts';
import { hash32 } from '../numerics/random.ts';
import { lengthOf } from '../numerics/ranges.ts';
import { floatsOf, lengthOfData, type TensorData, typeOf } from '../numerics/tensorData.ts';
import { layerProgram } from '../program/layers.ts';
import { heldBytes, packable } from '../program/packing.ts';
import { specs } from '../program/testing/specs.ts';
import { RankStorage } from './RankStorage.ts';
import type { Weights } from './weights.ts';

const TYPES = ['f32', 'f16', 'bf16'] as const;

function typeOfStored(name: string, seed: number): FloatType {
  const at = [...name].reduce((sum, letter) => hash32(sum, letter.charCodeAt(0)), seed);
  return seed % 2 === 0 ? 'bf16' : (TYPES[at % 3] ?? 'f32');
}

/** Any bits: what is moved about is not looked into. */
function weightsOf(seed: number): Weights & Required<Pick<Weights, 'stored'>> {
  const stored: Weights['block'] | NonNullable<Weights['stored']> = async (name, rows, cols) => {
    const dtype = typeOfStored(name, seed);
    const length = lengthOf(rows) * (cols === null ? 1 : lengthOf(cols));
    const bits = Uint16Array.from({ length }, (_, i) => hash32(seed, rows.start * 7 + i) & 0x3fff);
    return dtype === 'f32' ? floatsOf({ dtype: 'bf16', bits }) : { dtype, bits };
  };
  return { stored, block: async (...part) => floatsOf(await stored(...part)) };
}

it('holds the numbers of the checkpoint in as many bytes as are predicted', async () => {
  let kept = 0;
  await fc.assert(
    fc.asyncProperty(specs, fc.integer({ min: 1, max: 4 }), fc.nat(99), async (spec, worldSize, seed) => {
      const program = layerProgram(spec, worldSize, { tokens: 1, positions: 3 });
      const rank = seed % worldSize;
      const wide = createCpuDevice({ recorder: new Recorder(0) });
      const given: TensorData[] = [];
      const narrow = deviceThatKeeps(given);
      const [expected, found] = [wide, narrow].map((device) => new RankStorage(device, rank)) as [
        RankStorage,
        RankStorage,
      ];
      await expected.load(program, { block: weightsOf(seed).block });
      await found.load(program, weightsOf(seed));
      for (const { value } of program.storage) {
        for (const [i, tensor] of found.held(value).entries()) {
          const same = expected.held(value)[i];
          if (same === undefined) throw new Error(`only one has ${value.id}`);
          expect(await narrow.read(tensor), value.id).toEqual(await wide.read(same));
        }
      }
      const bytes = given.reduce((sum, data) => sum + bytesOf(lengthOfData(data), typeOf(data)), 0);
      const predicted = program.storage
        .filter(({ kind }) => kind !== 'cache')
        .flatMap((stored) => heldBytes(program, stored, rank, (name) => typeOfStored(name, seed)));
      expect(bytes).toBe(predicted.reduce((sum, one) => sum + one, 0));
      kept += given.filter((data) => typeOf(data) !== 'f32').length;
    }),
    { numRuns: 60 },
  );
  expect(kept).toBeGreaterThan(60);
});

it('keeps what products and look-ups read, and no norm, bias or table', () => {
  const config = { hidden: 8, heads: 2, kvHeads: 1, headDim: 4, normEpsilon: 1e-5 };
  const attention = { ...config, rope: { theta: 1e4 }, qkvBias: true, qkNorm: true };
  const program = layerProgram({ layer: 'attention', config: attention }, 2, { tokens: 1, positions: 3 });
  const ids = [...packable(program)].map(({ id }) => id).sort();
  expect(ids).toEqual(['k_proj.weight', 'o_proj.weight', 'q_proj.weight', 'v_proj.weight']);
});
