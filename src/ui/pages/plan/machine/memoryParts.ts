/** What a GPU's memory holds, from the bottom up. */

import type { Memory } from '#planner/memory.ts';

export const MEMORY_PARTS = [
  { part: 'weights', label: 'weights' },
  { part: 'states', label: 'gradients and optimizer' },
  { part: 'cache', label: 'cache' },
  { part: 'activations', label: 'activations' },
  { part: 'reserve', label: 'runtime and reserve' },
] as const satisfies readonly { part: keyof Memory; label: string }[];
