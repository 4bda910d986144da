/** A location's hash: which page it names, and the page's own state as a query: `#/split?ranks=4`. */

import type { Experiment, ExperimentState, Kinds, LinkedState } from '#lab/experiment.ts';

export const HOME = 'split';

/** The page that a location's hash names; home where it names none. */
export function pageIdOf(hash: string): string {
  const [path = ''] = hash.replace(/^#\/?/, '').split('?');
  return path.replace(/\/+$/, '') || HOME;
}

/** The query of a location's hash. */
export function queryOf(hash: string): URLSearchParams {
  const at = hash.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : hash.slice(at + 1));
}

/** `#/split?ranks=3`; commas stay readable. */
export function hashOf(page: string, query: URLSearchParams): string {
  const text = query.toString().replaceAll('%2C', ',');
  return text === '' ? `#/${page}` : `#/${page}?${text}`;
}

/** An index written in digits; null where it is missing or anything else. */
export function indexOf(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** What of an experiment's state its link carries. */
export function linkOf<E extends Kinds>(
  { lastMoment }: Experiment<E>,
  { params, run, at, selected }: Pick<ExperimentState<E>, 'params' | 'run' | 'at' | 'selected'>,
): LinkedState<E> {
  const last = run === null ? Number.POSITIVE_INFINITY : lastMoment(run.plan);
  return { params, at: Number.isFinite(at) && at < last ? at : null, selected };
}

export function toHash<E extends Kinds>(
  { id, toQuery, selection }: Experiment<E>,
  { params, at, selected }: LinkedState<E>,
): string {
  const query = toQuery(params);
  if (at !== null) query.set('at', String(at));
  if (selected !== null) query.set(selection.key, selection.toText(selected));
  return hashOf(id, query);
}

/** What is malformed among the parameters is left to problemWith; anything else malformed is as if absent. */
export function fromHash<E extends Kinds>(
  { fromQuery, selection }: Experiment<E>,
  hash: string,
): LinkedState<E> {
  const query = queryOf(hash);
  const selected = query.get(selection.key);
  return {
    params: fromQuery(query),
    at: indexOf(query.get('at')),
    selected: selected === null ? null : selection.fromText(selected),
  };
}
