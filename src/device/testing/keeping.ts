import { Recorder } from '../../base/trace.ts';
import type { TensorData } from '../../numerics/tensorData.ts';
import { createCpuDevice } from '../cpu/device.ts';
import type { Device } from '../device.ts';

/** A CPU that says it keeps weights as they are stored, and what it was given. */
export function deviceThatKeeps(given: TensorData[]): Device {
  const device = createCpuDevice({ recorder: new Recorder(0) });
  const { tensor } = device;
  return Object.assign(device, {
    info: { ...device.info, keepsPacked: true },
    tensor(data: TensorData, shape: readonly number[]) {
      given.push(data);
      return tensor.call(device, data, shape);
    },
  });
}
