/** Where a benchmark runs, for its record: this page, its browser and the device of its ranks. */

import type { BenchEnvironment } from '../../bench/record.ts';
import type { DeviceInfo } from '../../protocol.ts';

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
