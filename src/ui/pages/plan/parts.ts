/** What a plan's memory and time are made of. */

import type { Memory } from '#planner/memory.ts';
import type { StepTime } from '#planner/pass.ts';
import type { Source } from './From.tsx';

/** What a GPU's memory holds, from the bottom up. */
export const MEMORY_PARTS = [
  { part: 'weights', label: 'weights', source: 'f' },
  { part: 'states', label: 'gradients and optimizer', source: 'f' },
  { part: 'cache', label: 'cache', source: 'f' },
  { part: 'activations', label: 'activations', source: 'p' },
  { part: 'reserve', label: 'runtime and reserve', source: 'p' },
] as const satisfies readonly { part: keyof Memory; label: string; source: Source }[];

/** What a step's time goes to. Reading and computing overlap: the longer one is drawn. */
export const STEP_PARTS = [
  { part: 'work', label: 'reading or computing' },
  { part: 'links', label: 'links' },
  { part: 'layers', label: 'kernels that begin and end' },
] as const;

export type StepPart = (typeof STEP_PARTS)[number]['part'];

export function stepMs({ readMs, flopsMs, linkMs, layersMs }: StepTime): Readonly<Record<StepPart, number>> {
  return { work: Math.max(readMs, flopsMs), links: linkMs, layers: layersMs };
}
