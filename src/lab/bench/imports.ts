/** Records of other machines, as runs in the list. */

import type { BenchRecord } from '../../bench/record.ts';
import type { RunHeader } from './state.ts';

export function headerOfImport(
  { environment, results }: Pick<BenchRecord, 'environment' | 'results'>,
  name: string,
): RunHeader {
  return {
    id: newId(),
    name,
    imported: true,
    options: null,
    environment,
    devices: [],
    date: new Date().toISOString(),
    total: results.length,
    done: results.length,
    state: 'complete',
  };
}

export function newId(): string {
  return crypto.randomUUID();
}
