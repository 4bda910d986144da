/** The store of the Plan page, bound to the address, with the worker that searches for it. */

import type { StoreApi } from 'zustand/vanilla';
import { keep, type Shelf, withKept } from '#lab/plan/kept.ts';
import { startPlanWorker } from '#lab/plan/planAway.ts';
import { createPlanStore, type PlanStore } from '#lab/plan/store.ts';
import type { CountedModel } from '#planner/model/parts.ts';
import { useInTurn } from '#ui/components/useInTurn.ts';
import { pageStore } from '#ui/page/pageStore.ts';
import { bindPlanUrl, fromHash } from './link.ts';

export const planStore = pageStore(createStore);
export const usePlan = planStore.use;

/** The element that says what is wrong with a field. */
export const PROBLEM_ID = 'plan-problem';

function createStore(): StoreApi<PlanStore> {
  const shelf = sessionShelf();
  const store = createPlanStore(withKept(shelf, fromHash(location.hash)), startPlanWorker());
  bindPlanUrl(store);
  store.subscribe((state) => keep(shelf, state));
  keep(shelf, store.getState());
  return store;
}

/** Reading the property throws where cookies are blocked. */
function sessionShelf(): Shelf | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

/** Whether the answer on the page is to another question than the controls ask. */
export function useStale(): boolean {
  return usePlan(({ phase, problem }) => phase !== 'idle' || problem !== null);
}

/** The model for what is drawn below the sentence, in its turn. */
export function useCounted(): CountedModel | null {
  return useInTurn(usePlan((state) => state.model));
}
