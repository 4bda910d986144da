/** The store of the Plan page, bound to the address, with the worker that searches for it. */

import type { StoreApi } from 'zustand/vanilla';
import { startPlanWorker } from '#lab/plan/planAway.ts';
import { createPlanStore, type PlanStore } from '#lab/plan/store.ts';
import { pageStore } from '#ui/page/pageStore.ts';
import { bindPlanUrl, fromHash } from './link.ts';

export const planStore = pageStore(createStore);
export const usePlan = planStore.use;

/** The element that says what is wrong with a field. */
export const PROBLEM_ID = 'plan-problem';

function createStore(): StoreApi<PlanStore> {
  const store = createPlanStore(fromHash(location.hash), startPlanWorker());
  bindPlanUrl(store, window);
  return store;
}

/** Whether the answer on the page is to another question than the controls ask. */
export function useStale(): boolean {
  return usePlan(({ phase, problem }) => phase !== 'idle' || problem !== null);
}
