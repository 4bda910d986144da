/** Weights of products in blocks: what a rank holds then, and what it tells of it. */

import { expect, it } from 'vitest';
import { Recorder } from '../base/trace.ts';
import { createCpuDevice } from '../device/cpu/device.ts';
import { deviceThatKeeps } from '../device/testing/keeping.ts';
import { bytesOf } from '../numerics/dtype.ts';
import { hash32, uniform } from '../numerics/random.ts';
import { lengthOf } from '../numerics/ranges.ts';
import { floatsOf, lengthOfData, storedAs, type TensorData, typeOf } from '../numerics/tensorData.ts';
import { type LayerSpec, layerProgram } from '../program/layers.ts';
import { cutBlock, heldBytes, multiplied, multipliedNames } from '../program/packing.ts';
import { RankStorage } from './RankStorage.ts';
import type { Weights } from './weights.ts';

/** A function of the place in the whole weight, as that of a checkpoint is. */
const weights: Weights = {
  async block(name, rows, cols) {
    const stream = [...name].reduce((sum, letter) => hash32(sum, letter.charCodeAt(0)), 1);
    const [start, width] = cols === null ? [0, 1] : [cols.start, lengthOf(cols)];
    return Float32Array.from({ length: lengthOf(rows) * width }, (_, i) =>
      uniform(stream, (rows.start + Math.floor(i / width)) * 1024 + start + (i % width)),
    );
  },
};

const rope = { theta: 1e4 };
const norm = { normEpsilon: 1e-6 };
const SPECS: readonly LayerSpec[] = [
  { layer: 'mlp', config: { hidden: 64, intermediate: 128, activation: 'swiglu', bias: true, merged: true } },
  {
    layer: 'attention',
    config: { hidden: 64, heads: 4, kvHeads: 2, headDim: 16, rope, qkvBias: true, qkNorm: true, ...norm },
  },
  {
    layer: 'moe',
    config: {
      ...{ hidden: 32, intermediate: 64, experts: 3, topK: 2, groups: 1, topGroups: 1, sharedExperts: 1 },
      ...{ score: 'softmax', gateBias: false, normalize: true, routeScale: 1, reduce: 'once' },
    },
  },
  { layer: 'embedding', config: { vocab: 40, hidden: 32 } },
  { layer: 'head', config: { vocab: 40, hidden: 32 } },
];

it.each(SPECS)('$layer holds its products so, in as many bytes as are predicted', async (spec) => {
  for (const [worldSize, dtype] of [
    [1, 'q4'],
    [2, 'q8'],
  ] as const) {
    const program = layerProgram(spec, worldSize, { tokens: 1, positions: 3 });
    const [products, names] = [multiplied(program), multipliedNames(program)];
    expect(products.size > 0).toBe(spec.layer !== 'embedding');
    expect(names).not.toContain('gate.weight'); // rounded, it would send tokens to other experts
    for (let rank = 0; rank < worldSize; rank++) {
      const given: TensorData[] = [];
      const device = deviceThatKeeps(given);
      const plain = createCpuDevice({ recorder: new Recorder(0) });
      const [found, wide] = [new RankStorage(device, rank, dtype), new RankStorage(plain, rank)];
      await Promise.all([found.load(program, weights), wide.load(program, weights)]);
      let [squares, errorSquares] = [0, 0];
      for (const { value } of program.storage) {
        for (const [i, tensor] of wide.held(value).entries()) {
          const own = found.held(value)[i];
          if (own === undefined) throw new Error(`only one has ${value.id}`);
          const was = await plain.read(tensor);
          const type = products.has(value) ? dtype : 'f32';
          const expected = floatsOf(storedAs(type, was, tensor.shape.at(-1) ?? 0));
          expect(await device.read(own), value.id).toEqual(expected);
          if (type === 'f32') continue;
          for (const [at, one] of was.entries()) {
            squares += one ** 2;
            errorSquares += ((expected[at] ?? 0) - one) ** 2;
          }
        }
      }
      expect(found.rounding).toEqual({ squares, errorSquares });
      expect(errorSquares > 0).toBe(products.size > 0);
      const predicted = program.storage
        .filter(({ kind }) => kind !== 'cache')
        .flatMap((stored) => heldBytes(program, stored, rank, (name) => (names.has(name) ? dtype : 'f32')));
      const bytes = given.map((data) => bytesOf(lengthOfData(data), typeOf(data)));
      expect(sum(bytes)).toBe(sum(predicted));
      found.free();
      expect(found.rounding).toEqual({ squares: 0, errorSquares: 0 });
    }
  }
});

it('says which weight is cut, and where', async () => {
  const config = { hidden: 64, intermediate: 96, activation: 'swiglu', bias: false, merged: false } as const;
  const on = (worldSize: number) =>
    layerProgram({ layer: 'mlp', config }, worldSize, { tokens: 1, positions: 1 });
  expect([1, 3].map((worldSize) => cutBlock(on(worldSize)))).toEqual([null, null]);
  expect(cutBlock(on(2))).toEqual({ name: 'down_proj.weight', rank: 0, width: 48 });
  const storage = new RankStorage(createCpuDevice({ recorder: new Recorder(0) }), 0, 'q8');
  await expect(storage.load(on(2), weights)).rejects.toThrow('A row of 48 elements would cut a block of 32');
});

function sum(values: readonly number[]): number {
  return values.reduce((total, one) => total + one, 0);
}
