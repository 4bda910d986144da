/**
 * Keeps the address and the Model page's store in step: what is asked for, never what was written. Other ranks or another
 * model are a new entry of the history, so that Back undoes them; a text that is typed rewrites the entry.
 */

import type { StoreApi } from 'zustand/vanilla';
import { fromQuery, type ModelParams, PICKED, sameRanks, toQuery } from '#lab/model/params.ts';
import type { ModelStore } from '#lab/model/state.ts';
import { bindPage } from '#ui/url/bindPage.ts';
import { hashOf, queryOf } from '#ui/url/hash.ts';

export function toHash(params: ModelParams): string {
  return hashOf('model', toQuery(params));
}

export function fromHash(hash: string): ModelParams {
  return fromQuery(queryOf(hash));
}

export function bindModelUrl(store: StoreApi<ModelStore>): void {
  bindPage(store, {
    page: 'model',
    toHash: ({ params }) => toHash(params),
    plain: (hash) => toHash(fromHash(hash)),
    arrive: (state, hash) => arrive(state, fromHash(hash)),
    stepOf: ({ params }, before) => (params === before.params ? null : !sameRanks(params, before.params)),
  });
}

/** What a link asks for runs. */
function arrive({ params: before, change, write, turns }: ModelStore, wanted: ModelParams): void {
  change(wanted);
  if (!sameRanks(before, wanted) || wanted.model === PICKED) return; // that has begun to write
  if (toHash(wanted) !== toHash(before) && turns.length <= 1) write(wanted.prompt);
}
