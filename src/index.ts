/** The library's face for the page. A rank's worker uses rank/index.ts. */

export { LabError, type LabErrorCode } from './base/errors.ts';
export { type Span, spanLane, spanName, type TraceChoice } from './base/trace.ts';
export type { DeviceChoice, DeviceInfo, DeviceKind } from './device/device.ts';
export type { GroupOptions } from './group/memory.ts';
export { type LaunchOptions, launch } from './host/launch.ts';
export type { RankGroup } from './host/rankGroup.ts';
export type { ProgramOf, RankProxy } from './host/rankProxy.ts';
export {
  type CollectiveCost,
  type Cost,
  costOf,
  type LayerPlan,
  type PlannedStep,
  type PlannedStorage,
  type PlannedTensor,
} from './program/plan.ts';
