/** NaN, infinities, −0, denormals and the ends of float32, in each operand of each operation, as PyTorch has them. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Recorder } from '../base/trace.ts';
import { operations } from '../operations/operations.ts';
import { flavours } from '../wasm/kernels.ts';
import { createCpuDevice } from './cpu/device.ts';
import type { Device, OperationName } from './device.ts';
import { differences, resultOf, specialCases } from './testing/special.ts';
import { acquireGpu } from './webgpu/adapter.ts';
import { createWebGpuDevice, openWebGpuDevice } from './webgpu/create.ts';

const cases = await specialCases();
const recorder = new Recorder(0);

/** The kernels of an adapter of this kind, whatever the one that runs them is. */
async function openGpu(software: boolean): Promise<Device> {
  const { gpu, info } = await acquireGpu('test of special values');
  return openWebGpuDevice(gpu, { ...info, software }, { recorder });
}

function testSpecial(open: () => Promise<Device>, names: readonly OperationName[]): void {
  let device: Device | null = null;
  beforeAll(async () => {
    device = await open();
  });
  afterAll(() => device?.close());

  test.each(names)('%s', async (name) => {
    if (device === null) throw new Error('the device opens when tests begin');
    const found: string[] = [];
    for (const one of cases.filter(({ operation }) => operation === name)) {
      found.push(...differences(one, await resultOf(device, one), device.info.kind));
    }
    expect(found).toEqual([]);
  });
}

const names = Object.keys(operations) as OperationName[];

test('there are cases of every operation', () => {
  expect(names.filter((name) => !cases.some(({ operation }) => operation === name))).toEqual([]);
});

describe.each(flavours())('cpu, %s', (flavour) => {
  testSpecial(async () => createCpuDevice({ recorder, flavour }), names);
});

const unlikeLinear = names.filter((name) => name !== 'linear'); // of whose kernels each has its own turn
describe('webgpu, as on a software adapter', () => testSpecial(() => openGpu(true), unlikeLinear));
describe('webgpu, as on a GPU', () => testSpecial(() => openGpu(false), unlikeLinear));
describe.each(['reference', 'registers', 'few-rows', 'tiles-32'])('webgpu, linear by %s', (id) => {
  testSpecial(
    () => createWebGpuDevice({ recorder, label: `special values by ${id}`, variants: { linear: id } }),
    ['linear'],
  );
});
