/** Kernels one by one: which is taken, and that each does all of its work in a grid of any size. */

import { describe, expect, test } from 'vitest';
import { Recorder } from '../base/trace.ts';
import { values, worstError } from './testing/oracle.ts';
import { acquireGpu } from './webgpu/adapter.ts';
import { linearVariants } from './webgpu/products.ts';
import { GpuQueue } from './webgpu/queue.ts';

/** A grid has at most 65,535 workgroups along a side, and they step through what is more: here five do. */
describe('in a small grid', () => {
  test('few-rows reaches every row of W, and sums each from 0', async () => {
    const shape = { m: 2, k: 96, n: 13 };
    const { m, k, n } = shape;
    const { gpu } = await acquireGpu('test of a small grid');
    const queue = new GpuQueue(gpu, new Recorder(0), null);
    const buffer = (data: Float32Array): GPUBuffer => {
      const made = queue.memory.take(data.byteLength, 'test');
      queue.upload(made, data, true);
      return made;
    };
    const [x, w, b] = [values(1, m * k), values(2, n * k), values(3, n)];
    const variant = linearVariants.find(({ id }) => id === 'few-rows');
    if (variant === undefined) throw new Error('there is no few-rows');
    const output = buffer(new Float32Array(m * n));
    queue.run({
      kernel: variant.kernel(shape, 'f32'),
      workgroups: [5, 1],
      inputs: [x, w, b].map(buffer),
      output,
      sizes: [m, k, n, 1],
      flops: 0,
    });
    const y = await queue.read(output, (mapped) => new Float32Array(mapped.slice(0)));
    expect(worstError(y, { x, w, b }, shape)).toBeLessThanOrEqual(1);
    queue.close();
  });
});
