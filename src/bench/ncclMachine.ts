/** What nccl-tests tell of the machine: how many ranks there are, on which GPUs, and with which NCCL. */

import { LabError } from '../base/errors.ts';
import { isCount, isObject } from './fieldKinds.ts';
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
  const listed: unknown[] = Array.isArray(devices) ? devices : [];
  const ranked = listed.filter((one) => isObject(one) && isCount(one['rank'])) as Json[];
  const perProcess = isCount(nthreads) && isCount(ngpus) ? nthreads * ngpus : 0;
  const own = ranked.filter(({ group }) => group === ranked[0]?.['group']);
  const processes = new Set(own.map(({ rank }) => Math.floor(Number(rank) / perProcess)));
  const worldSize = processes.size * perProcess;
  const known = ranked.length === listed.length && worldSize > 0 && worldSize <= MOST_RANKS;
  if (known) return { worldSize, count: new Set(ranked.map(({ group }) => group)).size };
  throw new LabError('input', `${where}config.nthreads, ngpus and devices do not tell the number of ranks.`);
}

export function adapterOf({ devices }: Json): Readonly<Record<string, string>> {
  const [first] = Array.isArray(devices) ? devices : [];
  const name = isObject(first) ? first['device_info'] : undefined;
  return typeof name === 'string' ? { device: name } : { vendor: 'nvidia' };
}

/** 22703 is 2.27.3; up to 2.8 it was 2803. */
export function versionOf(code: number): string {
  const [major, rest] = code >= 10_000 ? [1e4, code % 1e4] : [1e3, code % 1e3];
  return `${Math.floor(code / major)}.${Math.floor(rest / 100)}.${rest % 100}`;
}
