import type { AllReduceOptions, Communicator } from '../comm/communicator.ts';
import type { Device } from '../device/device.ts';
import type { OneDeviceMember } from './OneDeviceGroup.ts';

/** What a layer needs of its rank. Passed, never global: two groups can live in one worker. */
export interface ParallelContext {
  /** Ranks in workers of their own, or ranks that share the device. */
  readonly comm: Communicator | OneDeviceMember;
  readonly device: Device;
  /** How layers sum, where they do not say themselves. Default `auto`: by size. */
  readonly algorithm?: AllReduceOptions['algorithm'];
}
