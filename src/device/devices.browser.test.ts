import { beforeAll, describe, expect, test } from 'vitest';
import { Recorder, spanName } from '../base/trace.ts';
import { type LinearShape, operations } from '../operations/operations.ts';
import { flavours } from '../wasm/kernels.ts';
import { createCpuDevice } from './cpu/device.ts';
import type { AttentionOptions, OperationName } from './device.ts';
import type { WorkerAnswer } from './testing/device.worker.ts';
import { testDevice, testOperations, testProducts } from './testing/deviceTests.ts';
import { testLinearBits } from './testing/linearBits.ts';
import { operands, worstError } from './testing/oracle.ts';
import { inLongRows, inQuads, withWideValues } from './testing/reshaped.ts';
import { differences, type Operand, resultOf, type SpecialCase, specialCases } from './testing/special.ts';
import { testSpecial } from './testing/specialTests.ts';
import { acquireGpu, nameAdapter } from './webgpu/adapter.ts';
import { createWebGpuDevice, openWebGpuDevice, webGpuAvailable } from './webgpu/create.ts';
import { abilitiesOf, lacks } from './webgpu/kernel.ts';
import { linearVariants } from './webgpu/products.ts';

const columnsOf = (x: unknown) => (x as Operand).shape.at(-1) ?? 0;
/** A case of attention with a head for each row of the table. */
const hasManyHeads = (of: SpecialCase) => (of.arguments.at(-1) as AttentionOptions).heads > 2;
const special = await specialCases();
const casesOf = (names: readonly OperationName[]) =>
  special.filter(({ operation }) => names.includes(operation));

beforeAll(async () => {
  // Else a browser without isolation or WebGPU would pass by doing nothing.
  expect(crossOriginIsolated).toBe(true);
  expect(await webGpuAvailable()).toBe(true);
  expect(flavours()).toEqual(['fused', 'plain']);
  // And one that was to test the machine's GPU, by testing SwiftShader.
  if (import.meta.env['RINGSIDE_REAL_GPU'] === 'true')
    expect(await nameAdapter()).toMatchObject({ software: false });
});

describe.each(flavours())('cpu, %s', (flavour) => {
  testDevice(async (recorder) => createCpuDevice({ recorder, flavour }));
  testOperations(async (recorder) => createCpuDevice({ recorder, flavour }));
  testLinearBits(flavour);
});

describe('webgpu', () => {
  testDevice((recorder) => createWebGpuDevice({ recorder, label: 'test of a device' }));
  // Attention by one kernel, whatever the sizes: the bits of two are compared in variants.browser.test.ts by themselves.
  testOperations((recorder) =>
    createWebGpuDevice({ recorder, label: 'test of operations', variants: { attention: 'registers' } }),
  );
});

// Workgroups and grids are larger where the adapter is no software, and the results have to be as good.
describe('webgpu, as on a GPU', () => {
  const under = testOperations(async (recorder) => {
    const { gpu, info } = await acquireGpu('test of operations as on a GPU');
    return openWebGpuDevice(
      gpu,
      { ...info, software: false },
      { recorder, variants: { attention: 'tiles' } },
    );
  });
  const unlikeLinear = (Object.keys(operations) as OperationName[]).filter((name) => name !== 'linear');
  testSpecial(under, special, unlikeLinear);
  describe('in quads', () => {
    const names: readonly OperationName[] = ['add', 'siluMul', 'rmsNorm', 'layerNorm', 'softmax', 'rope'];
    testSpecial(under, casesOf(names).flatMap(inQuads), names);
  });
  describe('in long rows', () => {
    const names: readonly OperationName[] = ['rmsNorm', 'layerNorm', 'softmax'];
    testSpecial(under, casesOf(names).flatMap(inLongRows), names);
  });
  test.each([65, 129])('attention of special values, %i columns of v', async (columns) => {
    const table = casesOf(['attention']).filter(hasManyHeads);
    for (const one of table.map((narrow) => withWideValues(narrow, columns)))
      expect(differences(one, await resultOf(under.device, one), 'webgpu')).toEqual([]);
  });
});

const own = await acquireGpu('to know what it can run');
const able = linearVariants.filter((variant) => lacks(variant, abilitiesOf(own.gpu)) === null);
own.gpu.destroy();
const products = ['reference', 'registers', 'subgroup-16', 'subgroup-32', 'few-rows', 'tiles-32'];
const tested = able.flatMap(({ id }) => (products.includes(id) ? [id] : []));
describe.each(tested)('webgpu, linear by %s', (id) => {
  const under = testProducts(
    (recorder) => createWebGpuDevice({ recorder, label: `test of ${id}`, variants: { linear: id } }),
    id === 'tiles-32',
  );
  testSpecial(under, special, ['linear']);
});

// The other tiles take long to compile in software: that in quads of K they have the bits of the reference says enough.
test.each(able.flatMap(({ id }) => (products.includes(id) ? [] : [id])))(
  'webgpu, linear by %s of special values has the bits of the reference',
  async (id) => {
    const [reference, tiles] = await Promise.all(
      ['reference', id].map((linear) =>
        createWebGpuDevice({ recorder: new Recorder(0), label: `test of ${id}`, variants: { linear } }),
      ),
    );
    if (reference === undefined || tiles === undefined) throw new Error('there are two');
    for (const one of casesOf(['linear']).filter(({ arguments: [x] }) => columnsOf(x) % 4 === 0)) {
      const y = await resultOf(tiles, one);
      expect(differences(one, y, 'webgpu')).toEqual([]);
      expect([...y], one.name).toEqual([...(await resultOf(reference, one))]);
    }
    reference.close();
    tiles.close();
  },
);

describe('webgpu without timestamps', () => {
  testDevice(async (recorder) => {
    const adapter = await navigator.gpu.requestAdapter();
    const gpu = await adapter?.requestDevice();
    const { gpu: unused, info } = await acquireGpu('to know the adapter');
    unused.destroy();
    if (gpu === undefined) throw new Error('no adapter');
    return openWebGpuDevice(gpu, { ...info, timestamps: false }, { recorder });
  });

  test('joins operations whose ends nobody saw', async () => {
    const adapter = await navigator.gpu.requestAdapter();
    const gpu = await adapter?.requestDevice();
    if (gpu === undefined) throw new Error('no adapter');
    const { info } = await acquireGpu('to know the adapter');
    const recorder = new Recorder(0);
    const device = await openWebGpuDevice(gpu, { ...info, timestamps: false }, { recorder });
    const x = device.tensor(new Float32Array(16), [4, 4]);
    await device.sync();
    recorder.take();
    device.add(device.linear(x, x), x);
    await device.sync();
    expect(recorder.take().spans).toMatchObject([
      { ops: [{ op: 'linear' }, { op: 'add' }], flops: 2 * 64 + 16 },
    ]);
  });
});

test('webgpu times operations again after more of them than it has queries for', async () => {
  const recorder = new Recorder(0);
  const device = await createWebGpuDevice({ recorder, label: 'test of many operations' });
  const x = device.tensor(Float32Array.of(1), [1]);
  await device.sync();
  recorder.take();
  // What changes an operand ends a pass, which has one query.
  const pass = (): void => {
    device.unstage(x, Float32Array.of(1));
    device.free(device.add(x, x));
  };
  const adds = () => recorder.take().spans.filter(({ kind }) => kind !== 'upload');
  for (let i = 0; i < 1100; i++) pass();
  await device.sync();
  expect(adds()).toMatchObject([{ ops: [{ op: 'add', count: 1100 }], flops: 1100 }]);
  pass();
  pass();
  await device.sync();
  expect(adds().map(spanName)).toEqual(device.info.timestamps ? ['add', 'add'] : ['add ×2']);
  device.close();
});

test('webgpu submits what lies between two waits at once, and the longest in parts', async () => {
  const recorder = new Recorder(0);
  const device = await createWebGpuDevice({ recorder, label: 'test of passes' });
  const x = device.tensor(Float32Array.of(1), [1]);
  await device.sync();
  recorder.take();
  let sum = x;
  for (let i = 0; i < 150; i++) {
    const next = device.add(sum, x);
    device.free(...(sum === x ? [] : [sum])); // while what reads it is not submitted yet
    sum = next;
  }
  expect([...(await device.read(sum))]).toEqual([151]);
  const { spans } = recorder.take();
  const names = spans.map(spanName).filter((name) => name.startsWith('add'));
  expect(names).toEqual(device.info.timestamps ? ['add ×64', 'add ×64', 'add ×22'] : ['add ×150']);
  device.close();
});

describe('webgpu in workers', () => {
  function start(shape: LinearShape): Promise<WorkerAnswer> {
    const worker = new Worker(new URL('./testing/device.worker.ts', import.meta.url), { type: 'module' });
    return new Promise<WorkerAnswer>((resolve, reject) => {
      worker.addEventListener('message', ({ data }: MessageEvent<WorkerAnswer>) => resolve(data));
      worker.addEventListener('error', (event) => reject(new Error(event.message)));
      const memory = new WebAssembly.Memory({ shared: true, initial: 1, maximum: 1 });
      worker.postMessage({ ...shape, memory });
    }).finally(() => worker.terminate());
  }

  test.each([1, 8])('%i at once', async (count) => {
    const shapes = Array.from({ length: count }, (_, rank) => ({ m: 8, k: 61 + rank, n: 33 + rank }));
    const answers = await Promise.all(shapes.map(start));
    for (const [rank, { y, error, spans }] of answers.entries()) {
      const shape = shapes[rank] ?? { m: 0, k: 0, n: 0 };
      expect(error).toBeNull();
      expect(worstError(y ?? new Float32Array(), operands(shape), shape)).toBeLessThanOrEqual(1);
      expect(spans).toEqual(['upload', 'upload', 'upload', 'linear', 'readback', 'upload', 'readback']);
    }
  });
});
