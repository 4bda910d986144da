/** The museum's store, bound to the address: `#/museum?bug=seam&mended=1`. */

import type { StoreApi } from 'zustand/vanilla';
import {
  createMuseumStore,
  FIRST_VISIT,
  isExhibit,
  type MuseumStore,
  ROUNDING,
  type Visit,
} from '#lab/museum/store.ts';
import { DEVICE_CHOICES } from '#protocol.ts';
import { lookAt } from '#ui/page/machine.ts';
import { pageStore } from '#ui/page/pageStore.ts';
import { bindPage } from '#ui/url/bindPage.ts';
import { hashOf, indexOf, queryOf } from '#ui/url/hash.ts';

/** What is wrong or missing is as it is at first. */
export function visitOf(hash: string): Visit {
  const query = queryOf(hash);
  const bug = query.get('bug');
  return {
    exhibit: isExhibit(bug) || bug === ROUNDING ? bug : FIRST_VISIT.exhibit,
    mended: query.get('mended') === '1',
    seed: indexOf(query.get('seed')) ?? FIRST_VISIT.seed,
    device: DEVICE_CHOICES.find((one) => one === query.get('device')) ?? FIRST_VISIT.device,
  };
}

export function hashOfVisit({ exhibit, mended, seed, device }: Visit): string {
  const query = new URLSearchParams();
  if (exhibit !== FIRST_VISIT.exhibit) query.set('bug', exhibit);
  if (mended) query.set('mended', '1');
  if (seed !== FIRST_VISIT.seed) query.set('seed', String(seed));
  if (device !== FIRST_VISIT.device) query.set('device', device);
  return hashOf('museum', query);
}

function create(): StoreApi<MuseumStore> {
  const store = createMuseumStore(visitOf(location.hash));
  bindPage(store, {
    page: 'museum',
    toHash: ({ visit }) => hashOfVisit(visit),
    plain: (hash) => hashOfVisit(visitOf(hash)),
    arrive: ({ look }, hash) => look(visitOf(hash)),
    stepOf: ({ visit }, before) => (visit === before.visit ? null : true),
  });
  return store;
}

export const museumStore = pageStore(create, lookAt);
export const useMuseum = museumStore.use;
