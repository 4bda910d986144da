/** A file that is too long for the link outlives a reload of the page. */

import { knownConfig } from './knownModels.ts';
import { isInLink, type PlanParams } from './params.ts';
import type { PlanState } from './store.ts';

/** Where it is kept. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem'>;

const KEY = 'ringside.config';

/** Only a file that can be planned, for another may break the next load too. Where a private window refuses, it lives as long as the page. */
export function keep(shelf: Shelf | null, { params, problem }: Pick<PlanState, 'params' | 'problem'>): void {
  const { model, config } = params;
  if (problem !== null || config === '' || isInLink({ config })) return;
  try {
    shelf?.setItem(KEY, JSON.stringify({ model, config }));
  } catch {
    // Full, or forbidden.
  }
}

/** What a link says, with the file that it has no room for. What is kept is let go: if it breaks the page, it does so once. */
export function withKept(shelf: Shelf | null, params: PlanParams): PlanParams {
  if (params.config !== '' || knownConfig(params.model) !== null) return params;
  try {
    const { model, config } = JSON.parse(shelf?.getItem(KEY) ?? '{}');
    shelf?.setItem(KEY, '{}');
    return model === params.model && typeof config === 'string' ? { ...params, config } : params;
  } catch {
    return params;
  }
}
