/** How the next token is drawn, as a page asks for it: what was chosen by hand, over what the model's makers recommend. */

import { GREEDY, type Sampling } from '../../sampling/sampling.ts';
import type { ModelState } from './state.ts';

export type SamplingField = keyof Sampling;

/** Always the likeliest: nothing else matters then. */
export const GREEDY_SAMPLING: Partial<Sampling> = { temperature: 0 };

/** What is recommended of a field. */
export function recommendedOf({ folder }: Pick<ModelState, 'folder'>, field: SamplingField): number {
  return (folder?.sampling ?? GREEDY)[field];
}

/** All of it. */
export function samplingOf({ folder, params }: Pick<ModelState, 'folder' | 'params'>): Sampling {
  return { ...(folder?.sampling ?? GREEDY), ...params.sampling };
}
