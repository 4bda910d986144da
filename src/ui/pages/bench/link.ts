/**
 * The Benchmark page's state as the hash of its link, and back: options and what one looks at, never results. Other
 * options are a new entry of the history, so that Back undoes them; another look at the results rewrites the entry.
 */

import type { StoreApi } from 'zustand/vanilla';
import { messageOf } from '#base/errors.ts';
import { SUITES } from '#bench/axes.ts';
import { type BenchOptions, FIRST_LOOK } from '#bench/options.ts';
import { FLAGS, optionsFromQuery, optionsToQuery } from '#bench/parseOptions.ts';
import { COLLECTIVES } from '#collectives/kinds.ts';
import { type BenchState, type BenchStore, type BenchView, DEFAULT_VIEW } from '#lab/bench/state.ts';
import { bindPage } from '#ui/url/bindPage.ts';
import { hashOf, indexOf, queryOf } from '#ui/url/hash.ts';

export interface BenchLink {
  readonly options: BenchOptions;
  /** Why the link's options cannot be read; the first look stands in for them. */
  readonly problem: string | null;
  readonly view: BenchView;
}

export function toHash({ options, view }: Pick<BenchState, 'options' | 'view'>): string {
  const query = queryOfOptions(options);
  const { table, layer, scaling, collective, ranks } = view;
  if (table !== null) query.set('table', table);
  if (layer !== null) query.set('layer', layer);
  if (scaling !== DEFAULT_VIEW.scaling) query.set('scaling', scaling);
  if (collective !== DEFAULT_VIEW.collective) query.set('collective', collective);
  if (ranks !== null) query.set('on', String(ranks));
  return hashOf('benchmark', query);
}

/** What is malformed in the view is as if absent. */
export function fromHash(hash: string): BenchLink {
  const query = queryOf(hash);
  const view: BenchView = {
    table: SUITES.find((suite) => suite === query.get('table')) ?? null,
    layer: query.get('layer'),
    scaling: query.get('scaling') === 'efficiency' ? 'efficiency' : 'speed-up',
    collective: COLLECTIVES.find((op) => op === query.get('collective')) ?? DEFAULT_VIEW.collective,
    ranks: indexOf(query.get('on')),
  };
  try {
    const isBare = !FLAGS.some((flag) => query.has(flag));
    return { options: isBare ? FIRST_LOOK : optionsFromQuery(query), problem: null, view };
  } catch (thrown) {
    return { options: FIRST_LOOK, problem: messageOf(thrown), view };
  }
}

/** A link without options is the first look; the command line's defaults, which need no flag there, are named here. */
function queryOfOptions(options: BenchOptions): URLSearchParams {
  const query = optionsToQuery(options);
  const text = query.toString();
  if (text === optionsToQuery(FIRST_LOOK).toString()) return new URLSearchParams();
  if (text === '') query.set('suite', options.suites.join());
  return query;
}

export function bindBenchUrl(store: StoreApi<BenchStore>): void {
  bindPage(store, {
    page: 'benchmark',
    toHash,
    plain: (hash) => hash,
    arrive: (state, hash) => state.arrive(fromHash(hash)),
    stepOf(state, before) {
      if (state.options === before.options && state.view === before.view) return null;
      // What cannot run is not worth a link.
      return state.problem === null ? state.options !== before.options : null;
    },
  });
}
