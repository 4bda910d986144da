/** The library's face for the page. A rank's worker uses rank/index.ts. */

export { LabError, type LabErrorCode } from './base/errors.ts';
export type { Span, TraceChoice } from './base/trace.ts';
export { type LaunchOptions, launch } from './lab/launch.ts';
export type { RankGroup } from './lab/rankGroup.ts';
export type { RankProxy } from './lab/remote.ts';
