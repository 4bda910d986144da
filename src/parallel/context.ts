import type { AllReduceOptions, Communicator } from '../comm/communicator.ts';
import type { Device } from '../device/device.ts';
import type { Collectives } from './collectives.ts';
import { StagedCollectives } from './StagedCollectives.ts';

/** What a layer needs of its rank. Passed, never global: two groups can live in one worker. */
export interface ParallelContext {
  readonly rank: number;
  readonly worldSize: number;
  readonly device: Device;
  readonly collectives: Collectives;
}

/**
 * A rank with a worker of its own. What serve() gives a rank program is such a context already; this makes another, with
 * another device or another way to sum.
 * @param how every allReduce is made; by size where left out
 */
export function parallelContext(
  comm: Communicator,
  device: Device,
  how: AllReduceOptions = {},
): ParallelContext {
  const { rank, worldSize } = comm;
  return { rank, worldSize, device, collectives: new StagedCollectives(comm, device, how) };
}
