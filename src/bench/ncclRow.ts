/** A row of nccl-tests as a result. */

import type { CollectiveOp } from '../collectives/kinds.ts';
import { bytesOf } from '../numerics/dtype.ts';
import { median, quantile } from '../numerics/statistics.ts';
import type { NcclFields } from './ncclFields.ts';
import type { Group } from './ncclMachine.ts';
import type { BenchResult } from './record.ts';

/** As ours are: the others give a new buffer. */
const IN_PLACE: readonly CollectiveOp[] = ['all_reduce', 'broadcast'];
/** Bandwidths are printed with six digits behind the point, and in tables with two. */
const ROUNDED_GBS = 0.005;

/** @throws LabError `input` that names the field, its value and what it must be */
export function resultOfRow(row: NcclFields, op: CollectiveOp, { worldSize, count }: Group): BenchResult {
  const bytes = row.count('size');
  if (row.has('count') && bytes !== bytesOf(row.count('count'), 'f32')) {
    throw row.contradiction(
      `size is ${bytes}, and count ${row.count('count')}: of float it must be 4 bytes an element.`,
    );
  }
  const places = IN_PLACE.includes(op) ? ['in_place', 'out_of_place'] : ['out_of_place', 'in_place'];
  const place = places.find((name) => row.has(name));
  const body = place === undefined ? null : row.object(place);
  if (place === undefined || body === null) throw row.contradiction('in_place and out_of_place are missing.');
  const meanMs = meanMsOf(body, bytes);
  const { samplesMs, said } = iterationsOf(row.object(`${place}_per_iter`)) ?? {
    samplesMs: [meanMs],
    said: `mean of ${row.has('actual_iterations') ? row.count('actual_iterations') : 'all'} iterations`,
  };
  const unchecked = body.value('nwrong') === null; // with -c 0, or where the test has no check
  const wrong = unchecked ? 0 : body.count('nwrong');
  return {
    op,
    backend: 'nccl-tests',
    placement: 'process',
    transport: worldSize === 1 ? 'none' : 'nccl',
    worldSize,
    dtype: 'f32',
    shape: {},
    bytes,
    variant: '',
    samplesMs,
    medianMs: median(samplesMs),
    p10Ms: quantile(samplesMs, 0.1),
    p90Ms: quantile(samplesMs, 0.9),
    gflops: 0,
    algBwGBs: body.figure('alg_bw'),
    busBwGBs: body.figure('bus_bw'),
    // Waiting for others cannot be told from moving data inside of NCCL.
    computeMs: 0,
    commMs: meanMs,
    waitMs: 0,
    maxAbsError: Number.NaN,
    wrong,
    ok: wrong === 0,
    note: [
      said,
      place.replaceAll('_', ' '),
      count > 1 ? `${count} groups at once` : '',
      unchecked ? 'not checked' : '',
    ]
      .filter((part) => part !== '')
      .join(', '),
  };
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
  if (us > 0 && Math.abs(bandwidth - due) > ROUNDED_GBS + 0.01 * due) {
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
