/** The Layers page's state as the hash of its link, and back: parameters, the step, the tensor that is open. */

import { fromQuery, type LayerParams, toQuery } from '#lab/layers/params.ts';
import type { LayersState, LayersStore } from '#lab/layers/state.ts';
import { stepsOf } from '#program/plan.ts';
import { queryOf } from '#ui/shell/hash.ts';
import type { PageLink } from '#ui/url/bindUrl.ts';
import { hashOf, indexOf } from '#ui/url/hashText.ts';

export interface LinkState {
  readonly params: LayerParams;
  /** The step that is shown; null where all is done. */
  readonly at: number | null;
  /** The id of the tensor that is open. */
  readonly open: string | null;
}

export function linkStateOf({
  params,
  at,
  run,
  selected,
}: Pick<LayersState, 'params' | 'at' | 'run' | 'selected'>): LinkState {
  const done = run === null ? Number.POSITIVE_INFINITY : stepsOf(run.plan).length;
  return { params, at: Number.isFinite(at) && at < done ? at : null, open: selected };
}

export function toHash({ params, at, open }: LinkState): string {
  const query = toQuery(params);
  if (at !== null) query.set('at', String(at));
  if (open !== null) query.set('open', open);
  return hashOf('layers', query);
}

/** What is malformed among the parameters is left to problemWith; a malformed `at` is as if absent. */
export function fromHash(hash: string): LinkState {
  const query = queryOf(hash);
  return { params: fromQuery(query), at: indexOf(query.get('at')), open: query.get('open') };
}

export function sameParams(a: LayerParams, b: LayerParams): boolean {
  return toQuery(a).toString() === toQuery(b).toString();
}

export const layersLink: PageLink<LayerParams, LayersStore, LinkState> = {
  page: 'layers',
  of: linkStateOf,
  toHash,
  fromHash,
  sameParams,
  land({ run, seek, select }, { at, open }) {
    if (run === null) return;
    seek(at ?? stepsOf(run.plan).length);
    select(open !== null && run.plan.tensors.has(open) ? open : null);
  },
};
