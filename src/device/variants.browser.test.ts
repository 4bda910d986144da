/** Kernels one by one: which is taken, and that each does all of its work in a grid of any size. */

import { describe, expect, test } from 'vitest';
import { Recorder } from '../base/trace.ts';
import { FEW_ROWS, VARIANTS } from '../bench/axes.ts';
import type { LinearShape } from '../operations/operations.ts';
import { operandsOf, optionsOf, plain } from './testing/attentionCases.ts';
import { testAttention } from './testing/attentionTests.ts';
import { naiveAttention } from './testing/naive.ts';
import { values, worstError } from './testing/oracle.ts';
import { inPasses } from './testing/reshaped.ts';
import { specialCases } from './testing/special.ts';
import { testSpecial } from './testing/specialTests.ts';
import { bits, underTest, worstDifference } from './testing/underTest.ts';
import { acquireGpu } from './webgpu/adapter.ts';
import { attentionVariants } from './webgpu/attention.ts';
import { createWebGpuDevice } from './webgpu/create.ts';
import { choose, type Variant, type Workgroups } from './webgpu/kernel.ts';
import { linearVariants } from './webgpu/products.ts';
import { GpuQueue } from './webgpu/queue.ts';
import { gpuOperations } from './webgpu/registry.ts';

const special = await specialCases();

test('the kernels that a benchmark offers are those of linear, with what they accept', () => {
  expect([...VARIANTS].sort()).toEqual(linearVariants.map(({ id }) => id).sort());
  const accepts = (id: string, m: number) =>
    linearVariants.find((variant) => variant.id === id)?.accepts?.({ m, k: 8, n: 8 }) ?? true;
  for (const id of VARIANTS) {
    expect(
      [1, FEW_ROWS, FEW_ROWS + 1].map((m) => accepts(id, m)),
      id,
    ).toEqual([true, true, id !== 'few-rows']);
  }
});

describe('the kernel of', () => {
  const abilities = {
    maxComputeWorkgroupStorageSize: 49_152,
    maxComputeInvocationsPerWorkgroup: 1024,
    subgroupSize: 0,
  };

  test('linear suits the adapter unless asked for', () => {
    const chosen = (software: boolean, shapes: readonly LinearShape[], asked?: string) =>
      shapes.map((shape) => choose('linear', linearVariants, shape, { software, asked, abilities }).id);
    const tuned = (shape: LinearShape, id: string, of = abilities) =>
      choose('linear', linearVariants, shape, { software: false, tuned: id, abilities: of }).id;
    const sums = [16, 255, 256, 4096].map((k) => ({ m: 1, k, n: 1 }));
    const squares = [64, 512, 1024, 2048].map((side) => ({ m: side, k: side, n: side }));
    expect(chosen(true, sums)).toEqual(['reference', 'reference', 'registers', 'registers']);
    const large = { m: 64, k: 2048, n: 8192 };
    const bySubgroups = (shape: LinearShape, subgroupSize: number) =>
      choose('linear', linearVariants, shape, { software: true, abilities: { ...abilities, subgroupSize } })
        .id;
    expect([4, 0, 32].map((size) => bySubgroups(large, size))).toEqual([
      'subgroup-32',
      'registers',
      'registers',
    ]);
    expect([32, 31, 9, 8].map((m) => bySubgroups({ ...large, m }, 4))).toEqual([
      'subgroup-32',
      'subgroup-16',
      'subgroup-16',
      'registers',
    ]);
    expect(bySubgroups({ ...large, n: 256 }, 4)).toBe('subgroup-16'); // too small for the longer to compile
    expect(bySubgroups({ m: 16, k: 256, n: 256 }, 4)).toBe('registers');
    expect(chosen(false, sums)).toEqual(['few-rows', 'few-rows', 'few-rows', 'few-rows']);
    expect(chosen(false, squares)).toEqual(['tiles-32', 'tiles-32', 'tiles-64', 'tiles-128']);
    expect(chosen(true, squares, 'tiles-64')).toEqual(Array(4).fill('tiles-64'));
    expect(chosen(false, squares, 'few-rows')).toEqual(chosen(false, squares)); // which it cannot run
    expect(() => chosen(true, sums, 'none')).toThrow(
      "There is no linear kernel 'none'; there are few-rows, tiles-128, tiles-64, tiles-32, tiles-32-short, tiles-32x64, " +
        'tiles-64x128, tiles-256, subgroup-32, subgroup-16, registers, reference.',
    );

    const [square = { m: 64, k: 64, n: 64 }] = squares;
    expect(tuned(square, 'tiles-32x64')).toBe('tiles-32x64');
    // What is not there, does not fit, or would give other bits, is passed over; unless it was asked for.
    expect(tuned(square, 'tiles-of-old')).toBe('tiles-32');
    expect(tuned(square, 'few-rows')).toBe('tiles-32');
    expect(tuned({ m: 4, k: 64, n: 64 }, 'tiles-64')).toBe('few-rows');
    const small = { ...abilities, maxComputeWorkgroupStorageSize: 16_384 };
    expect(tuned(square, 'tiles-256', small)).toBe('tiles-32');
    expect(() =>
      choose('linear', linearVariants, square, { software: false, asked: 'tiles-256', abilities: small }),
    ).toThrow(
      "The linear kernel 'tiles-256' needs a maxComputeWorkgroupStorageSize of 49152; this adapter has 16384.",
    );
  });

  test('attention is cut along the keys for few queries', () => {
    const shape = { heads: 8, group: 4, keyDim: 64, valueDim: 64, valueStride: 64, window: 4096 };
    const chosen = (software: boolean, t: number, start: number) =>
      choose('attention', attentionVariants, { ...shape, t, start }, { software, abilities }).id;
    expect([0, 4000].map((start) => chosen(false, 1, start))).toEqual(['split-keys', 'split-keys']);
    expect([4, 5].map((t) => chosen(false, t, 252))).toEqual(['split-keys', 'tiles']);
    expect([1, 300].map((t) => chosen(true, t, 300))).toEqual(['registers', 'registers']);
    expect([127, 128].map((start) => chosen(true, 1, start))).toEqual(['query', 'registers']);
    expect([11, 12].map((t) => chosen(true, t, 0))).toEqual(['query', 'registers']);
  });

  test.each(Object.entries(gpuOperations))('%s is there for either kind of adapter', (_, { variants }) => {
    expect(new Set(variants.map(({ suits }) => suits))).toEqual(new Set(['gpu', 'software']));
  });
});

describe('webgpu, attention by query', () => {
  const under = underTest((recorder) =>
    createWebGpuDevice({ recorder, label: 'test of attention by query', variants: { attention: 'query' } }),
  );
  testAttention(under);
  testSpecial(under, special, ['attention']);
});

describe('webgpu, attention by split-keys', () => {
  const under = underTest((recorder) =>
    createWebGpuDevice({ recorder, label: 'test of split keys', variants: { attention: 'split-keys' } }),
  );
  testAttention(under, 4);
  const attentions = special.filter(({ operation }) => operation === 'attention');
  testSpecial(
    under,
    attentions.flatMap((one) => inPasses(one, 4)),
    ['attention'],
  );

  // 300 keys are three spans.
  const of = { ...plain, t: 2, start: 298, heads: 2, kvHeads: 1, keyDim: 4, stride: 4 };
  const given = operandsOf(of);
  const rowsOf = (data: Float32Array, from: number) => data.slice(4 * from);
  const attention = async ({ q, k, v }: typeof given) => {
    const tensors = [under.put(q, 2, 8), under.put(k, 300, 4), under.put(v, 300, 4)] as const;
    return under.device.read(under.device.attention(...tensors, optionsOf(of)));
  };

  test('a span of −∞ weighs nothing, and nothing but −∞ is NaN', async () => {
    const q = new Float32Array(16).fill(1);
    const lowest = (end: number) => given.k.slice().fill(Number.NEGATIVE_INFINITY, 0, 4 * end);
    const all = await attention({ ...given, q, k: lowest(130) });
    const some = naiveAttention({ q, k: rowsOf(given.k, 130), v: rowsOf(given.v, 130) }, 2, {
      ...optionsOf(of),
      start: 168,
    });
    expect(worstDifference(all, some)).toBeLessThan(1e-6);
    expect([...(await attention({ ...given, q, k: lowest(300) }))].every(Number.isNaN)).toBe(true);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])(
    '%s in a later span comes out where it is seen',
    async (bad) => {
      const spoilt = (data: Float32Array) => data.slice().fill(bad, 4 * 299); // the second query sees it alone
      const ones = { ...given, q: new Float32Array(16).fill(1) };
      const [clean, k, v] = [
        await attention(ones),
        await attention({ ...ones, k: spoilt(given.k) }),
        await attention({ ...ones, v: spoilt(given.v) }),
      ];
      for (const y of [k, v]) {
        expect(bits(y.slice(0, 8))).toEqual(bits(clean.slice(0, 8)));
        expect([...y.slice(8)].some(Number.isFinite)).toBe(false);
      }
    },
  );
});

/** A grid has at most 65,535 workgroups along a side, and they step through what is more: here five do. */
describe('in a small grid', () => {
  const five: Workgroups = [5, 1];

  async function run(
    given: readonly Float32Array[],
    length: number,
    dispatch: (inputs: readonly GPUBuffer[], output: GPUBuffer, queue: GpuQueue) => void,
  ): Promise<Float32Array> {
    const { gpu } = await acquireGpu('test of a small grid');
    const queue = new GpuQueue(gpu, new Recorder(0), null);
    const buffer = (data: Float32Array): GPUBuffer => {
      const made = queue.memory.take(data.byteLength, 'test', 'undefined');
      queue.upload(made, data, true);
      return made;
    };
    const output = buffer(new Float32Array(length));
    dispatch(given.map(buffer), output, queue);
    const y = await queue.read(output, (mapped) => new Float32Array(mapped.slice(0)));
    queue.close();
    return y;
  }

  function variantOf<Sizes>(variants: readonly Variant<Sizes>[], id: string): Variant<Sizes> {
    const found = variants.find((variant) => variant.id === id);
    if (found === undefined) throw new Error(`there is no ${id}`);
    return found;
  }

  test('few-rows reaches every row of W, and sums each from 0', async () => {
    const shape = { m: 2, k: 96, n: 13 };
    const { m, k, n } = shape;
    const [x, w, b] = [values(1, m * k), values(2, n * k), values(3, n)];
    const kernel = variantOf(linearVariants, 'few-rows').kernel(shape, 'f32');
    const y = await run([x, w, b], m * n, (inputs, output, queue) =>
      queue.run({ kernel, workgroups: five, inputs, output, sizes: [m, k, n, 1], flops: 0 }),
    );
    expect(worstError(y, { x, w, b }, shape)).toBeLessThanOrEqual(1);
  });

  test('split-keys reaches every span of every head, and sums each from 0', async () => {
    const of = { ...plain, t: 2, start: 400, heads: 6, kvHeads: 2 };
    const sizes = {
      t: 2,
      heads: 6,
      group: 3,
      keyDim: 16,
      valueDim: 16,
      valueStride: 16,
      start: 400,
      window: 402,
    };
    const { q, k, v } = operandsOf(of);
    const { scale } = optionsOf(of);
    const { kernel, second } = variantOf(attentionVariants, 'split-keys');
    if (second === undefined) throw new Error('there is no second pass');
    const y = await run([q, k, v], 2 * 6 * 16, (inputs, output, queue) => {
      const left = queue.memory.take(4 * second.between(sizes), 'test', 'undefined');
      const both = {
        workgroups: five,
        sizes: [2, 6, 3, 16, 16, 16, 400, 1, 402],
        scalars: [scale],
        flops: 0,
      };
      queue.run(
        { ...both, kernel: kernel(sizes, 'f32'), inputs, output: left },
        { ...both, kernel: second.kernel, inputs: [left], output },
      );
    });
    expect(worstDifference(y, naiveAttention({ q, k, v }, 2, optionsOf(of)))).toBeLessThan(1e-6);
  });
});
