/** Opens a rank's GPU device. This is what code outside this folder imports. */

import type { Recorder } from '../../base/trace.ts';
import type { Device, DeviceInfo } from '../device.ts';
import { acquireGpu } from './adapter.ts';
import { WebGpuDevice } from './device.ts';
import { chooseLinear, type LinearVariantId } from './linear.ts';
import { GpuQueue } from './queue.ts';

export { webGpuAvailable } from './adapter.ts';

export interface WebGpuOptions {
  /** Where spans go, on the lane 'device'. */
  readonly recorder: Recorder;
  /** The kernel of `linear`; by default the one that suits the adapter. */
  readonly linear?: LinearVariantId | undefined;
}

/**
 * A device of its own on this machine's adapter, with its `linear` kernel compiled.
 * @param options.label names the device in the browser's messages: "rank 2".
 * @throws LabError 'environment' where WebGPU or an adapter is missing.
 */
export async function createWebGpuDevice(
  options: WebGpuOptions & { readonly label: string },
): Promise<Device> {
  const { gpu, info } = await acquireGpu(options.label);
  return openWebGpuDevice(gpu, info, options);
}

/** A Device on a GPUDevice that the caller acquired, and hands over. */
export async function openWebGpuDevice(
  gpu: GPUDevice,
  info: DeviceInfo,
  options: WebGpuOptions,
): Promise<Device> {
  const linear = chooseLinear(info, options.linear);
  const queue = new GpuQueue(gpu, options.recorder);
  await queue.compile([linear.kernel({ m: 1, k: 4, n: 1 })]);
  return new WebGpuDevice(info, queue, linear);
}
