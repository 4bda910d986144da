/** What a browser kept, of this version of the page or another: read with care, for it is read on every load. */

import { casesOf } from '../../bench/cases.ts';
import { isCount, isObject } from '../../bench/fieldKinds.ts';
import { ENVIRONMENT_FIELDS, keysOf, RESULT_FIELDS, type RecordFields } from '../../bench/fields.ts';
import type { BenchOptions } from '../../bench/options.ts';
import { problemWithOptions } from '../../bench/problem.ts';
import type { BenchResult } from '../../bench/record.ts';
import type { RunHeader } from './state.ts';

const STATES: readonly unknown[] = [
  'running',
  'complete',
  'stopped',
  'incomplete',
] satisfies RunHeader['state'][];

/** The run as it was kept, without options that this version cannot take; null where it is none. */
export function soundHeader(kept: unknown): RunHeader | null {
  if (!isObject(kept)) return null;
  const { id, name, date, imported, environment, devices, total, done, state, tookMs } = kept;
  const sound =
    [id, name, date].every((text) => typeof text === 'string') &&
    typeof imported === 'boolean' &&
    isCount(total) &&
    isCount(done) &&
    STATES.includes(state) &&
    (tookMs === undefined || (typeof tookMs === 'number' && tookMs > 0)) &&
    Array.isArray(devices) &&
    devices.every(isDevice) &&
    hasFields(ENVIRONMENT_FIELDS, environment);
  if (!sound) return null;
  const header = kept as unknown as RunHeader; // each field was looked at, or is now
  return { ...header, options: areOptions(kept['options']) ? header.options : null };
}

export function isSoundResult(kept: unknown): kept is BenchResult {
  return hasFields(RESULT_FIELDS, kept);
}

/** What is no finite number is null in files, and is itself here. */
function hasFields<T>(fields: RecordFields<T>, kept: unknown): boolean {
  return (
    isObject(kept) &&
    keysOf(fields).every((key) => {
      const value = kept[key];
      if (value === undefined && fields[key].mayBeLeftOut) return true;
      const inFile = typeof value === 'number' && !Number.isFinite(value) ? null : value;
      return fields[key].read(inFile) !== undefined;
    })
  );
}

function isDevice(kept: unknown): boolean {
  return (
    isObject(kept) &&
    (kept['kind'] === 'webgpu' || kept['kind'] === 'cpu') &&
    typeof kept['label'] === 'string' &&
    isObject(kept['adapter'] ?? {})
  );
}

function areOptions(kept: unknown): kept is BenchOptions {
  try {
    const options = kept as BenchOptions;
    return problemWithOptions(options) === null && casesOf(options).length > 0;
  } catch {
    return false; // null, or without an axis that there is now
  }
}
