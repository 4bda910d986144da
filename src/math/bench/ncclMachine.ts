/** What nccl-tests tell of the machine: how many ranks there are, on which GPUs, and with which NCCL. */

import { LabError } from '../../base/errors.ts';
import { isObject } from './fieldKinds.ts';
import { MOST_RANKS } from './fields.ts';

export type Json = Readonly<Record<string, unknown>>;

/** The ranks that run a collective together. NCCL_TESTS_SPLIT makes several groups; what is told is of the first. */
export interface Group {
  readonly worldSize: number;
  /** Groups that run beside each other. */
  readonly count: number;
}

/** Of each process at least the first rank is listed, whose number is a multiple of the ranks that a process has. */
export function groupOf({ devices, nthreads, ngpus }: Json, where: string): Group {
  const listed: Json[] = (Array.isArray(devices) ? devices : []).filter(isObject);
  const perProcess = Number(nthreads) * Number(ngpus);
  const own = listed.filter(({ group }) => group === listed[0]?.['group']);
  const processes = new Set(own.map(({ rank }) => Math.floor(Number(rank) / perProcess)));
  const worldSize = processes.size * perProcess;
  const known = worldSize > 0 && worldSize <= MOST_RANKS && [...processes].every(Number.isSafeInteger);
  if (known) return { worldSize, count: new Set(listed.map(({ group }) => group)).size };
  throw new LabError('input', `${where}config.nthreads, ngpus and devices do not tell the number of ranks.`);
}

export function adapterOf({ devices }: Json): Readonly<Record<string, string>> {
  const [first] = Array.isArray(devices) ? devices : [];
  const name = isObject(first) ? first['device_info'] : undefined;
  return { vendor: 'nvidia', ...(typeof name === 'string' && { device: name }) };
}

/** 22703 is 2.27.3; up to 2.8 it was 2803. */
export function versionOf(code: unknown): string {
  const number = Number(code);
  const [major, rest] = number >= 10_000 ? [1e4, number % 1e4] : [1e3, number % 1e3];
  return `${Math.floor(number / major)}.${Math.floor(rest / 100)}.${rest % 100}`;
}
