/** What a step's time goes to. Reading and computing overlap: the longer one is drawn. */

import type { StepTime } from '#planner/pass.ts';

export const STEP_PARTS = [
  { part: 'work', label: 'reading or computing' },
  { part: 'links', label: 'links' },
  { part: 'layers', label: 'kernels that begin and end' },
] as const;

export type StepPart = (typeof STEP_PARTS)[number]['part'];

export function stepMs({ readMs, flopsMs, linkMs, layersMs }: StepTime): Readonly<Record<StepPart, number>> {
  return { work: Math.max(readMs, flopsMs), links: linkMs, layers: layersMs };
}
