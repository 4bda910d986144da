import { expect, test } from 'vitest';
import type { Dispatch } from './kernel.ts';
import type { TensorMemory } from './memory.ts';
import { linearVariants } from './products.ts';
import type { GpuQueue } from './queue.ts';
import { Runner } from './runner.ts';
import { GpuTensor } from './tensor.ts';

/** As much of a queue as a runner uses. */
function queueInto(dispatched: Dispatch[]): GpuQueue {
  const memory: Pick<TensorMemory, 'take'> = { take: (bytes) => ({ size: bytes }) as GPUBuffer };
  return {
    memory,
    abilities: {
      maxComputeWorkgroupStorageSize: 16_384,
      maxComputeInvocationsPerWorkgroup: 256,
      subgroupSize: 0,
    },
    check: () => {},
    run: (dispatch: Dispatch) => void dispatched.push(dispatch),
  } as unknown as GpuQueue;
}

test('products take what is tuned from then on, and others nothing', () => {
  const dispatched: Dispatch[] = [];
  const queue = queueInto(dispatched);
  const shape = { m: 64, k: 64, n: 64 };
  const [x, w] = [0, 1].map(() => new GpuTensor([64, 64], queue.memory, 'zeros')) as [GpuTensor, GpuTensor];
  const kernelOf = (id: string) => linearVariants.find((variant) => variant.id === id)?.kernel(shape, 'f32');
  const taken = (runner: Runner) => {
    runner.run('linear', [x, w]);
    return dispatched.at(-1)?.kernel;
  };

  const runner = new Runner(queue, false, {});
  expect(taken(runner)).toBe(kernelOf('tiles-32'));
  runner.preferTuned(() => 'tiles-64');
  expect(taken(runner)).toBe(kernelOf('tiles-64'));
  runner.preferTuned(() => 'tiles-256'); // for which there is no room
  expect(taken(runner)).toBe(kernelOf('tiles-32'));
  runner.preferTuned(() => 'tiles-64');
  runner.run('add', [x, w]);
  expect(dispatched.at(-1)?.kernel.name).toBe('add');

  const asked = new Runner(queue, false, { linear: 'reference' });
  asked.preferTuned(() => 'tiles-64');
  expect(taken(asked)).toBe(kernelOf('reference'));
});
