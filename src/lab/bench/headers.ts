/** Headers of runs: of those measured here, and of records of other machines. */

import type { BenchEnvironment, BenchRecord } from '../../bench/record.ts';
import type { DeviceInfo } from '../../protocol.ts';
import type { RunHeader } from './state.ts';

/** Of a record of another machine. */
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

/** @param device what ran on WebGPU; null where nothing did, or has not yet */
export function pageEnvironment(device: DeviceInfo | null): BenchEnvironment {
  return {
    userAgent: navigator.userAgent,
    adapter: device?.adapter ?? {},
    cores: navigator.hardwareConcurrency,
    crossOriginIsolated: globalThis.crossOriginIsolated,
    date: new Date().toISOString(),
    commit: __COMMIT__,
  };
}
