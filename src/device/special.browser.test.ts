/**
 * NaN, infinities, −0, denormals and the ends of float32, in each operand of each operation, as PyTorch has them. Through
 * the kernels for GPUs and the ways to multiply they go in devices.browser.test.ts, where those are compiled anyhow.
 */

import { describe, expect, test } from 'vitest';
import { operations } from '../operations/operations.ts';
import { flavours } from '../wasm/kernels.ts';
import { createCpuDevice } from './cpu/device.ts';
import type { OperationName } from './device.ts';
import { specialCases } from './testing/special.ts';
import { testSpecial } from './testing/specialTests.ts';
import { underTest } from './testing/underTest.ts';
import { acquireGpu } from './webgpu/adapter.ts';
import { openWebGpuDevice } from './webgpu/create.ts';

const cases = await specialCases();
const names = Object.keys(operations) as OperationName[];

test('there are cases of every operation', () => {
  expect(names.filter((name) => !cases.some(({ operation }) => operation === name))).toEqual([]);
});

describe.each(flavours())('cpu, %s', (flavour) => {
  const under = underTest(async (recorder) => createCpuDevice({ recorder, flavour }));
  testSpecial(under, cases, names);
});

// The kernels of such an adapter, whatever the one that runs them is.
describe('webgpu, as on a software adapter', () => {
  const under = underTest(async (recorder) => {
    const { gpu, info } = await acquireGpu('test of special values');
    return openWebGpuDevice(gpu, { ...info, software: true }, { recorder });
  });
  const unlikeLinear = names.filter((name) => name !== 'linear');
  testSpecial(under, cases, unlikeLinear);
});
