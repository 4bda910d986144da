/** The rows of the table: chosen, ordered, and completed by what the other results say. */

import { modelsOf, predictionOf } from '../../../../lab/bench/predict.ts';
import { SUITES, type Suite } from '../../../../math/bench/axes.ts';
import type { BenchResult } from '../../../../math/bench/record.ts';
import { speedUpsOf } from '../charts/scaling.ts';
import { suiteOf } from '../controls/suites.ts';
import { opLabel, placeLabel } from '../series.ts';
import type { Column, Row } from './column.ts';

export function suitesIn(results: readonly BenchResult[]): Suite[] {
  const present = new Set(results.map(({ op }) => suiteOf(op)));
  return SUITES.filter((suite) => present.has(suite));
}

export interface Filter {
  /** '' is all. */
  readonly op: string;
  readonly place: string;
  readonly ranks: string;
}

export const NO_FILTER: Filter = { op: '', place: '', ranks: '' };

/** What there is to choose from, in the order of the results' names. */
export function filterOptions(results: readonly BenchResult[]): Record<keyof Filter, string[]> {
  const distinct = (of: (result: BenchResult) => string): string[] =>
    [...new Set(results.map(of))].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return {
    op: distinct(({ op }) => opLabel(op)),
    place: distinct(placeLabel),
    ranks: distinct(({ worldSize }) => String(worldSize)),
  };
}

export function passes(filter: Filter, result: BenchResult): boolean {
  return (
    (filter.op === '' || filter.op === opLabel(result.op)) &&
    (filter.place === '' || filter.place === placeLabel(result)) &&
    (filter.ranks === '' || filter.ranks === String(result.worldSize))
  );
}

export function rowsOf(all: readonly BenchResult[], suite: Suite): Row[] {
  const models = modelsOf(all);
  const speedUpOf = speedUpsOf(all);
  return all
    .filter(({ op }) => suiteOf(op) === suite)
    .map((result) => ({
      result,
      speedUp: result.worldSize > 1 && suite === 'layers' ? speedUpOf(result) : null,
      // When it is asked for: it takes the plan of a layer, and most rows are out of sight.
      get prediction() {
        return predictionOf(models, result);
      },
    }));
}

export interface Order {
  readonly column: string;
  readonly descending: boolean;
}

/** Rows without a value go last, whatever the direction; equal ones stay as they came. */
export function ordered(rows: readonly Row[], columns: readonly Column[], order: Order): Row[] {
  const column = columns.find(({ id }) => id === order.column);
  if (column === undefined) return [...rows];
  const sign = order.descending ? -1 : 1;
  const values = valuesOf(rows, column);
  const at = (row: Row): number => values.get(row) ?? Number.NaN;
  return rows.toSorted((a, b) => {
    const [left, right] = [at(a), at(b)];
    if (Number.isNaN(left) || Number.isNaN(right))
      return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
    return sign * (left - right);
  });
}

/** Words by their place in the alphabet: there are few, and thousands of rows. */
function valuesOf(rows: readonly Row[], { value }: Column): Map<Row, number> {
  const values = new Map(rows.map((row) => [row, value(row)]));
  const words = [...new Set(values.values())].filter((one) => typeof one === 'string');
  const places = new Map(words.toSorted((a, b) => a.localeCompare(b, 'en')).map((word, i) => [word, i]));
  return new Map(
    [...values].map(([row, one]) => [row, typeof one === 'string' ? (places.get(one) ?? 0) : one]),
  );
}
