/** Keeps the address and the Plan page's store in step. What is changed after a pause is a new entry, so that Back undoes it. */

import type { StoreApi } from 'zustand/vanilla';
import { fromQuery, type PlanParams, toQuery } from '#lab/plan/params.ts';
import type { PlanStore } from '#lab/plan/store.ts';
import { createAddress, type UrlHost } from '#ui/url/address.ts';
import { hashOf, queryOf } from '#ui/url/hash.ts';

/** Changes with less than this between them are one step to undo. */
const PAUSE_MS = 1000;

export function toHash(params: PlanParams): string {
  return hashOf('plan', toQuery(params));
}

export function fromHash(hash: string): PlanParams {
  return fromQuery(queryOf(hash));
}

/** @returns a function that lets go of both */
export function bindPlanUrl(store: StoreApi<PlanStore>, host: UrlHost): () => void {
  let written = '';
  let arriving = false;
  let lastChange = Number.NEGATIVE_INFINITY;

  const read = (): string => {
    written = toHash(store.getState().params);
    return written;
  };
  const address = createAddress({
    page: 'plan',
    read,
    onArrive(hash) {
      const wanted = fromHash(hash);
      if (!address.isWaiting() && toHash(wanted) === written) return;
      arriving = true;
      store.getState().change(wanted);
      arriving = false;
      address.arrive(read());
    },
    host,
  });
  const unsubscribe = store.subscribe(({ params }, before) => {
    if (arriving || params === before.params || toHash(params) === written) return;
    const now = performance.now();
    address.write(now - lastChange > PAUSE_MS);
    lastChange = now;
  });
  return () => {
    unsubscribe();
    address.close();
  };
}
