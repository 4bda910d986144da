/** The library's face for a rank's worker. */

export { LabError } from '../base/errors.ts';
export type { Communicator } from '../comm/communicator.ts';
export type { Device, Tensor } from '../device/device.ts';
export { ColumnParallelLinear } from '../parallel/ColumnParallelLinear.ts';
export { RowParallelLinear } from '../parallel/RowParallelLinear.ts';
export { type RankContext, serve } from './serve.ts';
