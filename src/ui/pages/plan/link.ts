/** Keeps the address and the Plan page's store in step. What is changed after a pause is a new entry, so that Back undoes it. */

import type { StoreApi } from 'zustand/vanilla';
import { fromQuery, type PlanParams, toQuery } from '#lab/plan/params.ts';
import type { PlanStore } from '#lab/plan/store.ts';
import { bindPage } from '#ui/url/bindPage.ts';
import { hashOf, queryOf } from '#ui/url/hash.ts';

/** Changes with less than this between them are one step to undo. */
const PAUSE_MS = 1000;

export function toHash(params: PlanParams): string {
  return hashOf('plan', toQuery(params));
}

export function fromHash(hash: string): PlanParams {
  return fromQuery(queryOf(hash));
}

export function bindPlanUrl(store: StoreApi<PlanStore>): void {
  let lastChange = Number.NEGATIVE_INFINITY;
  bindPage(store, {
    page: 'plan',
    toHash: ({ params }) => toHash(params),
    plain: (hash) => toHash(fromHash(hash)),
    arrive: ({ change }, hash) => change(fromHash(hash)),
    stepOf({ params }, before) {
      if (params === before.params) return null;
      const now = performance.now();
      const isStep = now - lastChange > PAUSE_MS;
      lastChange = now;
      return isStep;
    },
  });
}
