import type { Recorder } from '../base/trace.ts';
import { createCpuDevice } from '../device/cpu/device.ts';
import type { Device } from '../device/device.ts';
import { createWebGpuDevice, webGpuAvailable } from '../device/webgpu/create.ts';
import type { DeviceChoice } from '../protocol.ts';
import type { Arena } from '../wasm/arena.ts';

interface Options {
  readonly rank: number;
  readonly recorder: Recorder;
  /** Whether `auto` may take an adapter that is emulated on the CPU. */
  readonly softwareGpu: boolean;
  /** Where a CPU device puts its tensors, so that the ring works on them in place. */
  readonly arena: Arena;
}

/**
 * Opens the device that was asked for; `auto` takes WebGPU where an adapter answers.
 * @throws LabError `environment` where what was asked for is not there
 */
export async function openDevice(
  choice: DeviceChoice,
  { rank, recorder, softwareGpu, arena }: Options,
): Promise<Device> {
  const kind = choice === 'auto' ? ((await webGpuAvailable(softwareGpu)) ? 'webgpu' : 'cpu') : choice;
  if (kind === 'webgpu') return createWebGpuDevice({ recorder, label: `rank ${rank}` });
  return createCpuDevice({ recorder, arena });
}
