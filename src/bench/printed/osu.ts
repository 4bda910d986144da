/**
 * What the OSU micro-benchmarks print of collectives: “# OSU MPI-CUDA Allreduce Latency Test v7.0”, columns, rows. They do
 * not say how many ranks took part; the command above does, or a line of one's own.
 */

import { LabError } from '../../base/errors.ts';
import { quoted } from '../../base/shown.ts';
import type { CollectiveOp } from '../../collectives/kinds.ts';
import { collectiveResult } from '../collectiveResult.ts';
import { elementTypeNamed } from '../elementTypes.ts';
import { MOST_RANKS } from '../fields.ts';
import { type BenchRecord, type BenchResult, SCHEMA } from '../record.ts';
import { figuresOf, type Line, whereOf } from './lines.ts';

const TITLE = /OSU ((?:MPI|NCCL|RCCL|xCCL)\S*) (.+?) Test(?: v(\S+))?/i;
const HEAD = /#?\s*Size\s+Avg Lat(?:ency)?\s?\(us\)/;
/** Titles, small and without what is between their words. */
const OPS: ReadonlyMap<string, CollectiveOp> = new Map([
  ['allreduce', 'all_reduce'],
  ['allgather', 'all_gather'],
  ['reducescatter', 'reduce_scatter'],
  ['broadcast', 'broadcast'],
  ['bcast', 'broadcast'],
  ['alltoall', 'all_to_all'],
  ['alltoallpersonalizedexchange', 'all_to_all'],
]);
const RANKS = [
  /(?:^|\s)(?:-np|-n|--np|--ntasks|--nprocs)(?:\s+|=)(\d+)\b/,
  /\b(?:ranks|processes|num_procs|world_?size)["']?\s*[:=]?\s*(\d+)/i,
];

interface Table {
  readonly op: CollectiveOp;
  readonly version: string;
  /** NCCL and RCCL carry it where the title says so. */
  readonly transport: 'mpi' | 'nccl' | 'rccl';
  /** MPI, MPI-CUDA, NCCL … */
  readonly over: string;
  readonly ranks: number;
  dtype: BenchResult['dtype'];
  columns: number;
}

/** Empty where the lines have no such table. @throws LabError `input` that names the line */
export function recordsOfOsu(lines: readonly Line[]): BenchRecord[] {
  const records: (BenchRecord & { results: BenchResult[] })[] = [];
  let table: Table | null = null;
  let ranks = 0;
  for (const line of lines) {
    const { text } = line;
    const title = TITLE.exec(text);
    if (title !== null) {
      table = tableOf(title, ranks, line);
      records.push({ schema: SCHEMA, environment: environmentOf(table), results: [] });
      continue;
    }
    const said = ranksIn(text);
    if (said > 0) {
      [ranks, table] = [said, null];
      continue;
    }
    if (table === null) continue;
    const datatype = /Datatype:\s+MPI_(\w+)/.exec(text)?.[1]?.toLowerCase();
    if (datatype !== undefined) table.dtype = elementTypeNamed(datatype) ?? table.dtype;
    if (HEAD.test(text)) {
      table.columns = text.match(/\(us\)|Iterations/g)?.length ?? 1;
      continue;
    }
    const figures = table.columns === 0 ? null : figuresOf(text, 1 + table.columns);
    if (figures !== null) records.at(-1)?.results.push(resultOf(table, figures, line));
  }
  return records.filter(({ results }) => results.length > 0);
}

/** 0 where the line does not say them. */
function ranksIn(text: string): number {
  const [command, own] = RANKS;
  const found = /osu_|mpirun|mpiexec|srun|SUBMIT/.test(text) ? command?.exec(text) : null;
  return Number((found ?? own?.exec(text))?.[1] ?? 0);
}

function tableOf([, over = '', what = '', version = '']: RegExpExecArray, ranks: number, line: Line): Table {
  const name = what.replace(/ ?latency$/i, '');
  const op = OPS.get(name.toLowerCase().replaceAll(/[^a-z]/g, ''));
  if (op === undefined || !/latency$/i.test(what)) {
    throw new LabError(
      'input',
      `${whereOf(line)}the table of OSU is of ${quoted(what)}. Those of osu_allreduce, osu_allgather, osu_reduce_scatter, osu_alltoall and osu_bcast can be read.`,
    );
  }
  if (!(ranks >= 1 && ranks <= MOST_RANKS)) {
    throw new LabError(
      'input',
      `${whereOf(line)}${ranks === 0 ? 'the table of OSU does not say how many ranks took part' : `ranks is ${ranks}`}. Put the command above it too, as “mpirun -np 8 osu_allreduce”, or a line “# ranks 8”.`,
    );
  }
  const own = over.toLowerCase();
  return {
    op,
    version,
    transport: own === 'nccl' || own === 'rccl' ? own : 'mpi',
    over,
    ranks,
    // A reduction has floats where nothing is said (before 7.1), the others bytes.
    dtype: op === 'all_reduce' || op === 'reduce_scatter' ? 'f32' : 'i8',
    columns: 0,
  };
}

function resultOf(
  { op, transport, ranks, dtype }: Table,
  figures: readonly number[],
  line: Line,
): BenchResult {
  const [size = 0, us = 0, least, most, times] = figures;
  if (!(Number.isSafeInteger(size) && size > 0 && us > 0)) {
    throw new LabError(
      'input',
      `${whereOf(line)}${size} bytes took ${us} µs. The size must be a whole number, and both above 0.`,
    );
  }
  const full = times !== undefined && least !== undefined && most !== undefined;
  return collectiveResult({
    op,
    backend: 'osu',
    transport,
    worldSize: ranks,
    dtype,
    // What each rank has for, or of, each other one.
    bytes: op === 'all_gather' || op === 'all_to_all' ? size * ranks : size,
    samplesMs: [us / 1000],
    notes: ['mean of all ranks and iterations', full ? `ranks from ${least} to ${most} µs` : ''],
  });
}

function environmentOf({ version, over }: Table): BenchRecord['environment'] {
  return {
    userAgent: `OSU${version === '' ? '' : ` ${version}`}, ${over}`,
    adapter: {},
    cores: 0,
    crossOriginIsolated: null,
    date: '',
    commit: '',
  };
}
