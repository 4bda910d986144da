/** The Split page's state as the hash of its link, and back: parameters, the scrubber, the cell. */

import { DEFAULT_PARAMS, fromQuery, type SplitParams, toQuery } from '#lab/split/params.ts';
import type { Cell, SplitState, SplitStore } from '#lab/split/state.ts';
import { queryOf } from '#ui/shell/hash.ts';
import type { PageLink } from '#ui/url/bindUrl.ts';
import { hashOf, indexOf } from '#ui/url/hashText.ts';

export interface LinkState {
  readonly params: SplitParams;
  /** Where the scrubber stands; null at the end. */
  readonly at: number | null;
  readonly cell: Cell | null;
}

export function linkStateOf({
  params,
  at,
  run,
  cell,
}: Pick<SplitState, 'params' | 'at' | 'run' | 'cell'>): LinkState {
  const last = run === null ? Number.POSITIVE_INFINITY : run.timeline.length - 1;
  return { params, at: Number.isFinite(at) && at < last ? at : null, cell };
}

export function toHash({ params, at, cell }: LinkState): string {
  const query = toQuery(params);
  if (at !== null) query.set('at', String(at));
  if (cell !== null) query.set('cell', `${cell.row},${cell.col}`);
  return hashOf('split', query);
}

/** What is malformed among the parameters is left to problemWith; a malformed `at` or `cell` is as if absent. */
export function fromHash(hash: string): LinkState {
  const query = queryOf(hash);
  return { params: fromQuery(query), at: indexOf(query.get('at')), cell: cellOf(query.get('cell')) };
}

export function sameParams(a: SplitParams, b: SplitParams): boolean {
  return (Object.keys(DEFAULT_PARAMS) as (keyof SplitParams)[]).every((key) => Object.is(a[key], b[key]));
}

export const splitLink: PageLink<SplitParams, SplitStore, LinkState> = {
  page: 'split',
  of: linkStateOf,
  toHash,
  fromHash,
  sameParams,
  land({ run, seek, point }, { at, cell }) {
    if (run === null) return;
    seek(at ?? run.timeline.length - 1);
    const { rows, cols } = run.plan.output;
    point(cell !== null && cell.row < rows && cell.col < cols ? cell : null);
  },
};

function cellOf(text: string | null): Cell | null {
  const [row = null, col = null, ...rest] = (text?.split(',') ?? []).map(indexOf);
  return row === null || col === null || rest.length > 0 ? null : { row, col };
}
