/**
 * Keeps the address and the Model page's store in step: what is asked for, never what was written. Other ranks or another
 * model are a new entry of the history, so that Back undoes them; a text that is typed rewrites the entry.
 */

import type { StoreApi } from 'zustand/vanilla';
import { fromQuery, type ModelParams, PICKED, sameRanks, toQuery } from '#lab/model/params.ts';
import type { ModelStore } from '#lab/model/state.ts';
import { createAddress, type UrlHost } from '#ui/url/address.ts';
import { hashOf, queryOf } from '#ui/url/hash.ts';

export function toHash(params: ModelParams): string {
  return hashOf('model', toQuery(params));
}

export function fromHash(hash: string): ModelParams {
  return fromQuery(queryOf(hash));
}

/** @returns a function that lets go of both */
export function bindModelUrl(store: StoreApi<ModelStore>, host: UrlHost): () => void {
  let written = '';
  let arriving = false;

  const read = (): string => {
    written = toHash(store.getState().params);
    return written;
  };
  const address = createAddress({
    page: 'model',
    read,
    onArrive(hash) {
      const wanted = fromHash(hash);
      if (!address.isWaiting() && toHash(wanted) === written) return;
      arriving = true;
      arrive(store.getState(), wanted);
      arriving = false;
      address.arrive(read());
    },
    host,
  });
  const unsubscribe = store.subscribe(({ params }, before) => {
    if (arriving || params === before.params || toHash(params) === written) return;
    address.write(!sameRanks(params, before.params));
  });
  return () => {
    unsubscribe();
    address.close();
  };
}

/** What a link asks for runs. */
function arrive({ params: before, change, write, turns }: ModelStore, wanted: ModelParams): void {
  change(wanted);
  const asksAgain = toHash({
    ...wanted,
    model: before.model,
    ranks: before.ranks,
    device: before.device,
    placement: before.placement,
    algorithm: before.algorithm,
  });
  if (!sameRanks(before, wanted) || wanted.model === PICKED) return; // that has begun to write
  if (asksAgain !== toHash(before) && turns.length <= 1) write(wanted.prompt);
}
