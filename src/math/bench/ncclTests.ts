/**
 * What NVIDIA's nccl-tests write with `-J file`: versions 1 and 2 of its format (src/util.cu there). Of a run with
 * several types or reductions, the rows of float and sum are taken, for they are what we measure.
 */

import { LabError } from '../../base/errors.ts';
import { median, quantile } from '../statistics.ts';
import { isObject } from './fieldKinds.ts';
import { shown } from './fields.ts';
import { type BenchRecord, type BenchResult, type CollectiveOp, SCHEMA } from './record.ts';

type Json = Readonly<Record<string, unknown>>;

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
  const worldSize = worldSizeOf(isObject(config) ? config : {}, where);
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
    results: kept.map((row) => resultOf(row, op, worldSize, `${where}results[${results.indexOf(row)}].`)),
  };
}

function resultOf(row: Json, op: CollectiveOp, worldSize: number, where: string): BenchResult {
  const places = IN_PLACE.includes(op) ? ['in_place', 'out_of_place'] : ['out_of_place', 'in_place'];
  const place = places.find((name) => isObject(row[name])) ?? '';
  const body = row[place];
  if (!isObject(body)) throw new LabError('input', `${where}in_place and out_of_place are missing.`);
  const numberAt = (key: string): number => {
    const value = body[key];
    if (typeof value === 'number') return value;
    throw new LabError('input', `${where}${place}.${key} is ${shown(value)}. It must be a number.`);
  };
  const timeKey = 'cpu_time' in body ? 'cpu_time' : 'time';
  const samplesMs = iterationsOf(row[`${place}_per_iter`]) ?? [numberAt(timeKey) / 1000];
  const bytes = Number(row['size']);
  const unchecked = body['nwrong'] === null; // with -c 0, or where the test has no check
  const wrong = unchecked ? 0 : numberAt('nwrong');
  return {
    ...{ op, backend: 'nccl-tests', placement: 'process', transport: worldSize === 1 ? 'none' : 'nccl' },
    ...{ worldSize, dtype: 'f32', shape: {}, bytes, variant: '', samplesMs },
    medianMs: median(samplesMs),
    p10Ms: quantile(samplesMs, 0.1),
    p90Ms: quantile(samplesMs, 0.9),
    gflops: 0,
    algBwGBs: numberAt('alg_bw'),
    busBwGBs: numberAt('bus_bw'),
    // Waiting for others cannot be told from moving data inside of NCCL.
    ...{ computeMs: 0, commMs: numberAt(timeKey) / 1000, waitMs: 0 },
    maxAbsError: Number.NaN,
    wrong,
    ok: wrong === 0,
    note: noteOf(row, place, samplesMs.length, unchecked),
  };
}

function noteOf(row: Json, place: string, samples: number, unchecked: boolean): string {
  const iterations = row['actual_iterations'];
  const mean = samples === 1 && typeof iterations === 'number' ? [`mean of ${iterations} iterations`] : [];
  return [...mean, place.replaceAll('_', ' '), ...(unchecked ? ['not checked'] : [])].join(', ');
}

/** With -I there are times of iterations, of each process where there are several; the slowest counts. */
function iterationsOf(report: unknown): number[] | null {
  if (!isObject(report)) return null;
  const { times_us: own, per_process_max_times_us: all } = report;
  const lists = (Array.isArray(all) ? all : [own]).filter((list) => Array.isArray(list)) as number[][];
  const count = lists[0]?.length ?? 0;
  if (count === 0) return null;
  return Array.from({ length: count }, (_, i) => Math.max(...lists.map((times) => times[i] ?? 0)) / 1000);
}

/** Of each process only its first rank is listed, whose number is a multiple of the ranks that a process has. */
function worldSizeOf({ devices, nthreads, ngpus }: Json, where: string): number {
  const ranks = (Array.isArray(devices) ? devices : []).map((device) =>
    isObject(device) ? device['rank'] : null,
  );
  const perProcess = Number(nthreads) * Number(ngpus);
  const largest = Math.max(...ranks.map(Number));
  const worldSize = (Math.floor(largest / perProcess) + 1) * perProcess;
  if (Number.isSafeInteger(worldSize) && worldSize > 0) return worldSize;
  throw new LabError('input', `${where}config.nthreads, ngpus and devices do not tell the number of ranks.`);
}

function adapterOf({ devices }: Json): Readonly<Record<string, string>> {
  const [first] = Array.isArray(devices) ? devices : [];
  const name = isObject(first) ? first['device_info'] : undefined;
  return { vendor: 'nvidia', ...(typeof name === 'string' && { device: name }) };
}

/** 22703 is 2.27.3; up to 2.8 it was 2803. */
function versionOf(code: unknown): string {
  const number = Number(code);
  const [major, rest] = number >= 10_000 ? [1e4, number % 1e4] : [1e3, number % 1e3];
  return `${Math.floor(number / major)}.${Math.floor(rest / 100)}.${rest % 100}`;
}
