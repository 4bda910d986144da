/** A cluster writes one record for each number of ranks; to compare numbers of ranks they are one run. */

import { caseKey } from './cases.ts';
import type { BenchRecord } from './record.ts';

/** Joins records of the same environment, whatever their dates, as long as no case is measured twice. */
export function mergeRecords(records: readonly BenchRecord[]): BenchRecord[] {
  const merged: BenchRecord[] = [];
  for (const record of records) {
    const at = merged.findIndex((other) => sameMachine(other, record) && disjoint(other, record));
    const into = merged[at];
    if (into === undefined) merged.push(record);
    else merged[at] = { ...into, results: [...into.results, ...record.results] };
  }
  return merged;
}

function sameMachine(a: BenchRecord, b: BenchRecord): boolean {
  const machine = ({ environment: { date: _date, ...rest } }: BenchRecord): string => JSON.stringify(rest);
  return machine(a) === machine(b);
}

function disjoint(a: BenchRecord, b: BenchRecord): boolean {
  const known = new Set(a.results.map(caseKey));
  return b.results.every((result) => !known.has(caseKey(result)));
}
