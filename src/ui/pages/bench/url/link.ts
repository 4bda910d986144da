/** The Benchmark page's state as the hash of its link, and back: options and what one looks at, never results. */

import { messageOf } from '../../../../base/errors.ts';
import { type BenchState, type BenchView, DEFAULT_VIEW } from '../../../../lab/bench/state.ts';
import { COLLECTIVES, SUITES } from '../../../../math/bench/axes.ts';
import { type BenchOptions, DEFAULT_OPTIONS } from '../../../../math/bench/options.ts';
import { optionsFromQuery, optionsToQuery } from '../../../../math/bench/parseOptions.ts';
import { queryOf } from '../../../shell/hash.ts';
import { hashOf, indexOf } from '../../../url/hashText.ts';

export interface BenchLink {
  readonly options: BenchOptions;
  /** Why the link's options cannot be read; the defaults stand in for them. */
  readonly problem: string | null;
  readonly view: BenchView;
}

export function toHash({ options, view }: Pick<BenchState, 'options' | 'view'>): string {
  const query = optionsToQuery(options);
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
    return { options: optionsFromQuery(query), problem: null, view };
  } catch (thrown) {
    return { options: DEFAULT_OPTIONS, problem: messageOf(thrown), view };
  }
}
