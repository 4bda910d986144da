import { describe, expect, test } from 'vitest';
import type { LabError } from '../../base/errors.ts';
import { Recorder } from '../../base/trace.ts';
import type { Device } from '../device.ts';
import { acquireGpu } from './adapter.ts';
import { openWebGpuDevice } from './create.ts';

describe('a webgpu device that fails', () => {
  async function open(): Promise<{ gpu: GPUDevice; device: Device }> {
    const { gpu, info } = await acquireGpu('device that fails');
    return { gpu, device: await openWebGpuDevice(gpu, info, { recorder: new Recorder(0) }) };
  }
  const deviceError = (message: RegExp) =>
    expect.objectContaining({ name: 'LabError', code: 'device', message: expect.stringMatching(message) });

  test('says how large a buffer may be, and goes on', async () => {
    const { gpu, device } = await open();
    const side = Math.ceil(Math.sqrt(gpu.limits.maxBufferSize / 4)) + 1;
    const thin = device.tensor(new Float32Array(side), [side, 1]);
    expect(() => device.linear(thin, thin)).toThrow(
      deviceError(
        /needs a buffer of [\d.,]+ MiB, and this adapter allows [\d.,]+ MiB\. Use a smaller matrix/,
      ),
    );
    expect(await device.read(thin)).toHaveLength(side);
    device.close();
  });

  test('says that it was lost, during a wait and after it', async () => {
    const { gpu, device } = await open();
    const x = device.tensor(new Float32Array(1 << 18), [512, 512]);
    const waiting = device.read(device.linear(x, x));
    gpu.destroy();
    await expect(waiting).rejects.toEqual(deviceError(/'device that fails' was lost \(destroyed/));
    expect(() => device.linear(x, x)).toThrow(deviceError(/was lost/));
    expect(() => device.tensor(new Float32Array(1), [1])).toThrow(deviceError(/was lost/));
    await expect(device.sync()).rejects.toEqual(deviceError(/was lost/));
    await expect(device.stage(x, (length) => new Float32Array(length))).rejects.toEqual(
      deviceError(/was lost/),
    );
  });

  test('says that it was lost while nobody waited', async () => {
    const { gpu, device } = await open();
    const x = device.tensor(new Float32Array(4), [2, 2]);
    gpu.destroy();
    const error: unknown = await device.read(x).catch((thrown: unknown) => thrown);
    expect(error).toEqual(deviceError(/was lost/));
    expect((error as LabError).message).toMatch(/tensors hold .* MiB/);
  });

  test('says that it was lost, where the browser calls what follows an error', async () => {
    const { gpu, device } = await open();
    const x = device.tensor(new Float32Array(4), [2, 2]);
    // So does Firefox 153: the staging buffer of a read "is invalid" on a device that is gone.
    gpu.popErrorScope = async () => new GPUValidationError("Buffer with 'staging' label is invalid");
    gpu.destroy();
    await expect(device.read(x)).rejects.toEqual(deviceError(/was lost/));
  });

  test('says that memory ran out, and how much it holds', async () => {
    const { gpu, device } = await open();
    const x = device.tensor(new Float32Array(1 << 18), [512, 512]);
    // Stands for an adapter that is really full, which here would be the memory of the whole machine.
    gpu.popErrorScope = async () => new GPUOutOfMemoryError('no room for tensor 512×512');
    await expect(device.read(x)).rejects.toEqual(
      deviceError(
        /no memory left \(no room for tensor 512×512\)\. Its tensors hold 1 MiB\. Use smaller matrices/,
      ),
    );
    device.close();
  });

  test('says at the next wait that an operation was refused, and stays failed', async () => {
    const { gpu, device } = await open();
    const x = device.tensor(new Float32Array(4), [2, 2]);
    gpu.createBuffer({ size: 4, usage: 0xffff }); // stands for a bug of ours
    await expect(device.read(x)).rejects.toEqual(deviceError(/refused an operation/));
    expect(() => device.linear(x, x)).toThrow(deviceError(/refused an operation/));
    device.close();
  });
});
