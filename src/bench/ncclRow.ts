/** A row of nccl-tests as a result. */

import type { CollectiveOp } from '../collectives/kinds.ts';
import { collectiveResult } from './collectiveResult.ts';
import { type ElementType, elementBytes } from './elementTypes.ts';
import type { NcclFields } from './ncclFields.ts';
import type { Group } from './ncclMachine.ts';
import type { BenchResult } from './record.ts';

/** As ours are: the others give a new buffer. */
const IN_PLACE: readonly CollectiveOp[] = ['all_reduce', 'broadcast'];
/** Bandwidths are printed with six digits behind the point, and in tables with two. */
const ROUNDED_GBS = 0.005;
/** From here on tables have two digits of a time. */
const TWO_DIGITS_US = 1e7;
/** Where nothing is reduced it is none. */
export const SUMS: readonly string[] = ['sum', 'none'];

/** What all rows of a table are of. */
export interface RowOf {
  readonly op: CollectiveOp;
  readonly library: 'nccl' | 'rccl';
  readonly group: Group;
  readonly dtype: ElementType;
}

/** @throws LabError `input` that names the field, its value and what it must be */
export function resultOfRow(row: NcclFields, { op, library, group, dtype }: RowOf): BenchResult {
  const { worldSize, count } = group;
  const bytes = row.count('size');
  if (row.has('count')) checkSize(row, bytes, dtype, worldSize);
  const places = IN_PLACE.includes(op) ? ['in_place', 'out_of_place'] : ['out_of_place', 'in_place'];
  const place = places.find((name) => row.has(name));
  const body = place === undefined ? null : row.object(place);
  if (place === undefined || body === null) throw row.contradiction('in_place and out_of_place are missing.');
  const meanMs = meanMsOf(body, bytes);
  const { samplesMs, said } = iterationsOf(row.object(`${place}_per_iter`)) ?? {
    samplesMs: [meanMs],
    said: row.has('actual_iterations')
      ? `mean of ${row.count('actual_iterations')} iterations`
      : 'mean of all iterations',
  };
  const unchecked = body.value('nwrong') === null; // with -c 0, or where the test has no check
  const redop = row.text('redop');
  const result = collectiveResult({
    op,
    backend: library === 'rccl' ? 'rccl-tests' : 'nccl-tests',
    transport: library,
    worldSize,
    dtype,
    bytes,
    samplesMs,
    told: { algBwGBs: body.figure('alg_bw'), busBwGBs: body.figure('bus_bw') },
    wrong: unchecked ? 0 : body.count('nwrong'),
    notes: [
      said,
      place.replaceAll('_', ' '),
      SUMS.includes(redop) ? '' : `reduced by ${redop}`,
      count > 1 ? `${count} groups at once` : '',
      unchecked ? 'not checked' : '',
    ],
  });
  return { ...result, commMs: meanMs };
}

/** Of a gather, a scatter and an exchange, count is of what a rank has of each other one: NVIDIA/nccl-tests, src/common.cu. */
function checkSize(row: NcclFields, bytes: number, dtype: ElementType, worldSize: number): void {
  const count = row.count('count');
  const each = elementBytes(dtype);
  if (bytes === each * count || bytes === each * count * worldSize) return;
  throw row.contradiction(
    `size is ${bytes}, and count ${count}: of ${row.text('type')} it must be ${each} bytes an element.`,
  );
}

/** With -C 1 the time is what the CPU took to enqueue; the bandwidth is of the collective all the same. */
function meanMsOf(body: NcclFields, bytes: number): number {
  const us = body.value('time') === undefined ? null : body.figure('time');
  const bandwidth = body.figure('alg_bw');
  if (us === null) {
    if (bandwidth > 0) return bytes / bandwidth / 1e6;
    throw body.contradiction('alg_bw is 0, from which no time follows. Run without -C 1.');
  }
  const due = bytes / us / 1000;
  const share = us < TWO_DIGITS_US ? 0.01 : 0.06;
  if (us > 0 && Math.abs(bandwidth - due) > ROUNDED_GBS + share * due) {
    throw body.contradiction(
      `alg_bw is ${bandwidth}, and size over time makes ${Number(due.toPrecision(6))}.`,
    );
  }
  return us / 1000;
}

/**
 * With -I there are times of iterations, each of the slowest process; null without. Those that -K leaves out of the
 * summary are in the list all the same, at its beginning.
 */
function iterationsOf(report: NcclFields | null): { samplesMs: number[]; said: string } | null {
  if (report === null) return null;
  const skipped = report.has('skipped_iterations') ? report.count('skipped_iterations') : 0;
  const samplesMs = report
    .figures('times_us')
    .slice(skipped)
    .map((us) => us / 1000);
  if (samplesMs.length === 0) return null;
  return { samplesMs, said: skipped > 0 ? `without the first ${skipped} iterations` : '' };
}
