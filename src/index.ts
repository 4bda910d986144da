/** The library's face for the page. A rank's worker uses rank/index.ts. */

export { LabError, type LabErrorCode } from './base/errors.ts';
export type { Span } from './base/trace.ts';
export { type LaunchOptions, launch, type RankGroup } from './lab/launch.ts';
