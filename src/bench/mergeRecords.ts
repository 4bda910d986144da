/** A cluster writes one record for each number of ranks; to compare numbers of ranks they are one run. */

import { caseKey } from './cases.ts';
import type { BenchRecord, BenchResult } from './record.ts';

interface Run {
  readonly first: BenchRecord;
  readonly results: BenchResult[];
}

interface Machine {
  readonly runs: Run[];
  /** By case, the first of the runs behind the last that measured it. */
  readonly free: Map<string, number>;
}

/**
 * Joins records of the same environment, whatever their dates. A record goes into the first run that does not have its
 * cases, nor has one behind it: so each record is looked at once, and copies do not take the square of their number.
 */
export function mergeRecords(records: readonly BenchRecord[]): BenchRecord[] {
  const all: Run[] = [];
  const machines = new Map<string, Machine>();
  for (const record of records) {
    const key = machineKey(record);
    const machine = machines.get(key) ?? { runs: [], free: new Map<string, number>() };
    machines.set(key, machine);
    const { runs, free } = machine;
    const cases = new Set(record.results.map(caseKey));
    let at = 0;
    for (const one of cases) at = Math.max(at, free.get(one) ?? 0);
    for (const one of cases) free.set(one, at + 1);
    const run = runs[at] ?? { first: record, results: [] };
    for (const result of record.results) run.results.push(result);
    if (at < runs.length) continue;
    runs.push(run);
    all.push(run);
  }
  return all.map(({ first, results }) => ({ ...first, results }));
}

function machineKey({ environment: { date: _date, ...rest } }: BenchRecord): string {
  return JSON.stringify(rest);
}
