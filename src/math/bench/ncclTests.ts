/**
 * What NVIDIA's nccl-tests write with `-J file`: versions 1 to 3 of its format (src/util.cu there, which
 * src/common.cu calls). Of a run with several types or reductions, the rows of float and sum are taken, for they are what we
 * measure.
 */

import { LabError } from '../../base/errors.ts';
import { median, quantile } from '../statistics.ts';
import { isObject } from './fieldKinds.ts';
import { shown } from './fields.ts';
import { adapterOf, type Group, groupOf, type Json, versionOf } from './ncclMachine.ts';
import { type BenchRecord, type BenchResult, type CollectiveOp, SCHEMA } from './record.ts';

const OPS: Readonly<Record<string, CollectiveOp>> = {
  all_reduce_perf: 'all_reduce',
  reduce_scatter_perf: 'reduce_scatter',
  all_gather_perf: 'all_gather',
  broadcast_perf: 'broadcast',
  alltoall_perf: 'all_to_all',
};

/** As ours are: the others give a new buffer. */
const IN_PLACE: readonly CollectiveOp[] = ['all_reduce', 'broadcast'];

export function isNcclTests(json: Json): boolean {
  return json['schema'] === undefined && 'nccl_version' in json;
}

/** @throws LabError `input`: one sentence that names what is wrong and where */
export function recordOfNcclTests(json: Json, where: string): BenchRecord {
  const { args, config, results, start_time: date } = json;
  const program = String(Array.isArray(args) ? args[0] : '').replace(/^.*[/\\]/, '');
  const op = OPS[program];
  if (op === undefined) {
    throw new LabError(
      'input',
      `${where}args[0] is “${program}”. Of nccl-tests, ${Object.keys(OPS).join(', ')} can be read.`,
    );
  }
  if (!Array.isArray(results)) {
    throw new LabError(
      'input',
      `${where}results is ${shown(results)}: the run of ${program} did not end well.`,
    );
  }
  const group = groupOf(isObject(config) ? config : {}, where);
  const rows: Json[] = results.filter(isObject);
  const ours = rows.filter(({ type, redop }) => type === 'float' && (redop === 'sum' || redop === 'none'));
  const [first] = rows;
  if (ours.length === 0 && first !== undefined) {
    const { type, redop } = first;
    throw new LabError(
      'input',
      `${where}the run is of ${type}, ${redop}. Run ${program} with -d float -o sum.`,
    );
  }
  const kept = ours.filter(({ size }) => Number(size) > 0); // small sizes are rounded down, to nothing
  return {
    schema: SCHEMA,
    environment: {
      userAgent: `nccl-tests, NCCL ${versionOf(json['nccl_version'])}`,
      adapter: adapterOf(isObject(config) ? config : {}),
      cores: 0,
      crossOriginIsolated: null,
      date: String(date ?? '').replace(' ', 'T'), // in the machine's own time zone, which is not told
      commit: '',
    },
    results: kept.map((row) => resultOf(row, op, group, `${where}results[${results.indexOf(row)}].`)),
  };
}

function resultOf(row: Json, op: CollectiveOp, group: Group, where: string): BenchResult {
  const { worldSize } = group;
  const places = IN_PLACE.includes(op) ? ['in_place', 'out_of_place'] : ['out_of_place', 'in_place'];
  const place = places.find((name) => isObject(row[name])) ?? '';
  const body = row[place];
  if (!isObject(body)) throw new LabError('input', `${where}in_place and out_of_place are missing.`);
  const numberAt = (key: string): number => {
    const value = body[key];
    if (typeof value === 'number') return value;
    throw new LabError('input', `${where}${place}.${key} is ${shown(value)}. It must be a number.`);
  };
  const bytes = Number(row['size']);
  // With -C 1 the time is what the CPU took to enqueue; the bandwidth is of the collective all the same.
  const meanMs = 'time' in body ? numberAt('time') / 1000 : bytes / numberAt('alg_bw') / 1e6;
  if (!Number.isFinite(meanMs)) {
    throw new LabError(
      'input',
      `${where}${place}.alg_bw is ${shown(body['alg_bw'])}, from which no time follows. Run without -C 1.`,
    );
  }
  const { samplesMs, said } = iterationsOf(row[`${place}_per_iter`]) ?? {
    samplesMs: [meanMs],
    said: `mean of ${row['actual_iterations'] ?? 'all'} iterations`,
  };
  const unchecked = body['nwrong'] === null; // with -c 0, or where the test has no check
  const wrong = unchecked ? 0 : numberAt('nwrong');
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
    algBwGBs: numberAt('alg_bw'),
    busBwGBs: numberAt('bus_bw'),
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
      group.count > 1 ? `${group.count} groups at once` : '',
      unchecked ? 'not checked' : '',
    ]
      .filter((part) => part !== '')
      .join(', '),
  };
}

/**
 * With -I there are times of iterations, each of the slowest process; null without. Those that -K leaves out of the
 * summary are in the list all the same, at its beginning.
 */
function iterationsOf(report: unknown): { samplesMs: number[]; said: string } | null {
  if (!isObject(report)) return null;
  const { times_us: times, skipped_iterations: skip } = report;
  const skipped = Math.max(0, Number(skip ?? 0));
  const counted: unknown[] = Array.isArray(times) ? times.slice(skipped) : [];
  if (counted.length === 0 || !counted.every(Number.isFinite)) return null;
  const samplesMs = counted.map((us) => Number(us) / 1000);
  return { samplesMs, said: skipped > 0 ? `without the first ${skipped} iterations` : '' };
}
