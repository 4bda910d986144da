/** Opens a rank's GPU device. This is what code outside this folder imports. */

import type { Recorder } from '../../base/trace.ts';
import type { Device, DeviceInfo } from '../device.ts';
import { acquireGpu } from './adapter.ts';
import { webGpuDevice } from './device.ts';
import { GpuQueue } from './queue.ts';
import type { AskedVariants } from './registry.ts';
import { remedyFor } from './remedies.ts';

export { webGpuAvailable } from './adapter.ts';
export { linearVariants } from './products.ts';

export interface WebGpuOptions {
  /** Where spans go, on the lane 'device'. */
  readonly recorder: Recorder;
  /** Kernels by operation; by default those that suit the adapter. */
  readonly variants?: AskedVariants;
}

/**
 * A device of its own on this machine's adapter. Kernels compile when first used.
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
export function openWebGpuDevice(gpu: GPUDevice, info: DeviceInfo, options: WebGpuOptions): Device {
  const remedy = remedyFor(info.software, navigator.userAgent);
  return webGpuDevice(info, new GpuQueue(gpu, options.recorder, remedy), options.variants ?? {});
}
