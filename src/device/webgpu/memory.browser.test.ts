/** What is done again makes no memory anew. */

import { expect, test, vi } from 'vitest';
import { Recorder } from '../../base/trace.ts';
import { acquireGpu } from './adapter.ts';
import { openWebGpuDevice } from './create.ts';

/** A device, and how many buffers and bind groups were made on it since the last time somebody asked. */
async function open() {
  const { gpu, info } = await acquireGpu('test of memory');
  const device = await openWebGpuDevice(gpu, info, { recorder: new Recorder(0) });
  const create = vi.spyOn(gpu, 'createBuffer');
  const made = (): number => create.mock.calls.splice(0).length;
  const bind = vi.spyOn(gpu, 'createBindGroup');
  const bound = (): number => bind.mock.calls.splice(0).length;
  return { gpu, device, made, bound };
}

test('a long tensor is written again and again by the same memory', async () => {
  const { device, made } = await open();
  const x = device.zeros([1, 2 ** 20 + 3]);
  let values = await device.read(x);
  for (const round of [1, 2, 3]) {
    made();
    device.unstage(
      x,
      values.map((value, i) => value + i * round),
    );
    values = await device.read(x);
    expect(made()).toBe(round === 1 ? 1 : 0);
  }
  expect(values.findIndex((value, i) => value !== 6 * i)).toBe(-1);
  device.close();
});

test('a pass that is run again makes no buffer and binds none anew, and zeros are zeros', async () => {
  const { device, made, bound } = await open();
  const x = device.tensor(Float32Array.of(1, 2, 3, 4), [2, 2]);
  const pass = async (): Promise<Float32Array> => {
    const sum = device.add(x, x);
    const product = device.linear(sum, x);
    device.free(sum); // while what reads it is not submitted
    const next = device.add(product, x);
    device.free(product);
    const values = await device.read(next);
    device.free(next);
    return values;
  };
  const first = await pass();
  expect([made() > 0, bound()]).toEqual([true, 3]);
  expect(await pass()).toEqual(first);
  expect([made(), bound()]).toEqual([0, 0]);
  expect([...(await device.read(device.zeros([2, 2])))]).toEqual([0, 0, 0, 0]);
  device.close();
});

test('what is kept for later has a limit', async () => {
  const { device, made } = await open();
  const x = device.zeros([1, 2 ** 22]); // 16 MiB
  const results = Array.from({ length: 5 }, () => device.add(x, x));
  device.free(...results);
  await device.sync();
  made();
  for (let i = 0; i < 5; i++) device.add(x, x);
  expect(made()).toBe(1);
  device.close();
});
