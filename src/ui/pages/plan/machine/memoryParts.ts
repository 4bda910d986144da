/** What a GPU's memory holds, from the bottom up. */

import type { Memory } from '#planner/memory.ts';
import type { Source } from '../From.tsx';

export const MEMORY_PARTS = [
  { part: 'weights', label: 'weights', source: 'f' },
  { part: 'states', label: 'gradients and optimizer', source: 'f' },
  { part: 'cache', label: 'cache', source: 'f' },
  { part: 'activations', label: 'activations', source: 'p' },
  { part: 'reserve', label: 'runtime and reserve', source: 'p' },
] as const satisfies readonly { part: keyof Memory; label: string; source: Source }[];
