/** The Benchmark page's state as the hash of its link, and back: options and what one looks at, never results. */

import { messageOf } from '#base/errors.ts';
import { SUITES } from '#bench/axes.ts';
import { type BenchOptions, FIRST_LOOK } from '#bench/options.ts';
import { FLAGS, optionsFromQuery, optionsToQuery } from '#bench/parseOptions.ts';
import { COLLECTIVES } from '#collectives/kinds.ts';
import { type BenchState, type BenchView, DEFAULT_VIEW } from '#lab/bench/state.ts';
import { queryOf } from '#ui/shell/hash.ts';
import { hashOf, indexOf } from '#ui/url/hashText.ts';

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
