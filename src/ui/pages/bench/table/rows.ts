/** The rows of the table: chosen, ordered, and completed by what the other results say. */

import { SUITES, type Suite } from '#bench/axes.ts';
import { suiteOf } from '#bench/options.ts';
import type { BenchResult } from '#bench/record.ts';
import { modelsOf, predictionOf } from '#lab/bench/predict.ts';
import { roofShares } from '../charts/roofline.ts';
import { speedUpsOf } from '../charts/scaling.ts';
import { opLabel, placeLabel } from '../series.ts';
import type { Row, TableColumn } from './column.ts';

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
  const roofShareOf = roofShares(all);
  return all
    .filter(({ op }) => suiteOf(op) === suite)
    .map((result) => ({
      result,
      speedUp: result.worldSize > 1 && (suite === 'layers' || suite === 'model') ? speedUpOf(result) : null,
      roofShare: roofShareOf(result),
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

/**
 * By the first order, where that makes no difference by the second, and so on; what no order tells apart stays as it
 * came. Rows without a value go last, whatever the direction.
 */
export function ordered(
  rows: readonly Row[],
  columns: readonly TableColumn[],
  orders: readonly Order[],
): readonly Row[] {
  const keys = orders.flatMap(({ column: id, descending }) => {
    const column = columns.find((one) => one.id === id);
    return column === undefined ? [] : [keysOf(rows, column, descending)];
  });
  const compared = (a: number, b: number): number => {
    for (const key of keys) {
      const difference = (key[a] ?? 0) - (key[b] ?? 0);
      if (difference !== 0) return difference;
    }
    return a - b;
  };
  const places = Uint32Array.from(rows.keys()).sort(compared);
  return Array.from(places, (place) => rows[place]).filter((row) => row !== undefined);
}

/** A number for each row, by which it is ordered. Words have their place in the alphabet: there are few, and thousands of rows. */
function keysOf(rows: readonly Row[], { value }: TableColumn, descending: boolean): Float64Array {
  const values = rows.map(value);
  const words = [...new Set(values)].filter((one) => typeof one === 'string');
  const places = new Map(words.toSorted((a, b) => a.localeCompare(b, 'en')).map((word, i) => [word, i]));
  const sign = descending ? -1 : 1;
  return Float64Array.from(values, (one) => {
    const key = sign * (typeof one === 'string' ? (places.get(one) ?? 0) : one);
    return Number.isNaN(key) ? LAST : key;
  });
}

/** Behind every value, and unlike Infinity its difference to itself is a number. */
const LAST = Number.MAX_VALUE;
