import { afterEach, expect, it, vi } from 'vitest';
import { acquireGpu, nameAdapter, webGpuAvailable } from './adapter.ts';

afterEach(() => vi.unstubAllGlobals());

/** What `acquireGpu` asks an adapter for, and says of it. */
async function acquired(adapter: object) {
  const requestDevice = vi.fn(async (wanted: GPUDeviceDescriptor) => ({
    features: new Set(wanted.requiredFeatures),
    limits: wanted.requiredLimits ?? {},
  }));
  const limits = { maxBufferSize: 2 ** 31, maxStorageBufferBindingSize: 2 ** 30 };
  vi.stubGlobal('navigator', {
    gpu: { requestAdapter: async () => ({ limits, requestDevice, ...adapter }) },
  });
  const { info } = await acquireGpu('test');
  return { info, wanted: requestDevice.mock.calls[0]?.[0] };
}

const info = { vendor: 'google', architecture: 'swiftshader', device: '', description: '' };

it('asks for what is used and the adapter has, and for its limits', async () => {
  const features = new Set(['timestamp-query', 'subgroups', 'shader-f16']);
  const all = await acquired({ features, info });
  expect(all.wanted).toMatchObject({
    requiredFeatures: ['timestamp-query', 'subgroups'],
    requiredLimits: { maxBufferSize: 2 ** 31 },
  });
  expect(all.info).toMatchObject({ label: 'SwiftShader (software)', software: true, timestamps: true });
  expect(all.info.maxTensorBytes).toBe(2 ** 30);
  expect((await acquired({ features: new Set(), info })).info.timestamps).toBe(false);
});

it('knows nothing of an adapter before Chrome 127, and takes it', async () => {
  const { info } = await acquired({ features: new Set() });
  expect(info).toMatchObject({ label: 'Unnamed adapter', software: false, adapter: { vendor: '' } });
});

it('asks again where the first answer is null, as right after a browser starts', async () => {
  const adapter = {
    limits: {},
    features: new Set(),
    info,
    requestDevice: async () => ({ features: new Set(), limits: {} }),
  };
  const requestAdapter = vi.fn(async (): Promise<object | null> => adapter).mockResolvedValueOnce(null);
  vi.stubGlobal('navigator', { gpu: { requestAdapter } });
  expect(await webGpuAvailable()).toBe(true);
  expect(requestAdapter).toHaveBeenCalledTimes(2);
  requestAdapter.mockResolvedValueOnce(null);
  expect((await acquireGpu('test')).info.label).toBe('SwiftShader (software)');
  requestAdapter.mockResolvedValue(null);
  await expect(acquireGpu('test')).rejects.toThrow('WebGPU found no graphics adapter.');
  expect(await nameAdapter()).toEqual({ name: 'no adapter', software: true });
});
