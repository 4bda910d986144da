/** What a store of the Benchmark page needs of a browser, without one. */

import type { BenchResult } from '../../../bench/record.ts';
import type { BenchHistory } from '../history.ts';
import { type ReadRuns, readRuns } from '../readRuns.ts';
import type { RunHeader } from '../state.ts';

/** The history without a database: what a page leaves behind for the next. */
export function memory(): BenchHistory {
  const headers = new Map<string, RunHeader>();
  const results = new Map<string, BenchResult[]>();
  return {
    headers: async () => [...headers.values()],
    results: async (id) => results.get(id) ?? [],
    putHeader: async (header) => void headers.set(header.id, header),
    async putResult(id, index, result) {
      const own = results.get(id) ?? [];
      own[index] = result;
      results.set(id, own);
    },
    async putRun(header, own) {
      headers.set(header.id, header);
      results.set(header.id, [...own]);
    },
    async remove(id) {
      headers.delete(id);
      results.delete(id);
    },
  };
}

/** As a page before left it. */
export function keptRun(id: string): RunHeader {
  const environment = {
    userAgent: '',
    adapter: {},
    cores: 2,
    crossOriginIsolated: true,
    date: '',
    commit: '',
  };
  return {
    id,
    name: id,
    imported: false,
    options: null,
    environment,
    devices: [],
    date: '2026-01-01',
    total: 1,
    done: 1,
    state: 'complete',
  };
}

/** Without a worker, of which there is none here. */
export const readHere: ReadRuns = (source, tell) => {
  let ended = false;
  setTimeout(() => void readRuns(source, (reading) => ended || tell(reading)));
  return () => {
    ended = true;
  };
};
