import type { Communicator } from '../comm/communicator.ts';
import type { Device } from '../device/device.ts';

/** What a layer needs of its rank. Passed, never global: two groups can live in one worker. */
export interface ParallelContext {
  readonly comm: Communicator;
  readonly device: Device;
}
