/**
 * Tables of nccl-tests and rccl-tests as text, cut into runs: what stands above each, and its rows. NVIDIA/nccl-tests,
 * src/util.cu (writeDeviceReport, writeResultHeader, writeBenchmarkLineBody); ROCm/rccl-tests, src/common.cu.
 */

import { LabError } from '../../base/errors.ts';
import { elementTypeNamed } from '../elementTypes.ts';
import { type Line, whereOf } from './lines.ts';

export interface NcclDevice {
  readonly rank: number;
  readonly group: number;
  readonly name: string;
}

/** A row, with its cells as they were printed. */
export interface TableRow {
  readonly line: Line;
  readonly size: number;
  readonly count: number;
  readonly type: string;
  /** none where nothing is reduced. */
  readonly redop: string;
  /** -1 where there is none, or the table has no such column. */
  readonly root: number;
  readonly outOfPlace: PlaceCells | null;
  readonly inPlace: PlaceCells | null;
}

export interface PlaceCells {
  readonly time: string;
  readonly algBw: string;
  readonly busBw: string;
  readonly wrong: string;
}

export interface NcclRun {
  /** all_reduce_perf, by its own words or by the command above; '' where nobody says it. */
  program: string;
  /** 2.27.3, or ''. */
  version: string;
  library: 'nccl' | 'rccl';
  /** GPUs of a process; 0 where that is not told. */
  perProcess: number;
  /** The time is the CPU's: -C 1. */
  cpuTime: boolean;
  /** The table has one set of columns, and calls it in-place: rccl-tests without -O 1. */
  inPlaceOnly: boolean;
  readonly devices: NcclDevice[];
  readonly rows: TableRow[];
}

const PROGRAM = /(?<![a-z])([a-z_]+_perf)(?:_mpi)?(?![a-z])/;
const THREADS = /# nThreads? (\d+) nGpus (\d+) /;
const DEVICE =
  /#\s+Rank\s+(\d+)(?:\s+Group\s+(\d+))?\s+Pid\s+\d+\s+on\s+(\S+)\s+device\s+\d+\s+\[[^\]]*\]\s*(.*)$/;
const VERSION = /NCCL version (\d+\.\d+\.\d+)|nccl-library=(\d+)/;
const ROW =
  /(?<![\w.-])(\d+)\s+(\d+)\s+([a-z][a-z0-9_]*)\s+(?:(sum|prod|max|min|avg|mulsum|none)\s+)?(\S.*)$/;
const TIMESTAMP = /\s\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\s*$/;

/** @throws LabError `input` where a row has no such number of cells */
export function ncclRuns(lines: readonly Line[]): NcclRun[] {
  const runs: NcclRun[] = [];
  let run = newRun('');
  /** The lines above a table are of the next one where rows were read. */
  const next = (): NcclRun => {
    if (run.rows.length > 0) {
      runs.push(run);
      run = { ...newRun(''), version: run.version, library: run.library };
    }
    return run;
  };
  for (const line of lines) {
    const { text } = line;
    const row = rowOf(line, run.inPlaceOnly);
    if (row !== null) {
      run.rows.push(row);
      continue;
    }
    const [, program] = PROGRAM.exec(text) ?? [];
    if (program !== undefined) next().program = program;
    const [, threads, gpus] = THREADS.exec(text) ?? [];
    if (threads !== undefined) {
      const started = next();
      started.perProcess = Number(threads) * Number(gpus);
      started.devices.length = 0; // several processes may each print a head before the first row
    }
    const [, rank, group = '0', , name = ''] = DEVICE.exec(text) ?? [];
    if (rank !== undefined) {
      next().devices.push({ rank: Number(rank), group: Number(group), name: name.trim() });
    }
    if (/rccl|RCCL/.test(text)) run.library = 'rccl';
    const [, version, code] = VERSION.exec(text) ?? [];
    if (version !== undefined) run.version = version;
    else if (code !== undefined) run.version = dotted(Number(code));
    readHead(next, text);
  }
  if (run.rows.length > 0) runs.push(run);
  return runs;
}

/** Machines that the lines above the tables name; 0 without such lines. */
export function hostsOf(lines: readonly Line[]): number {
  return new Set(lines.flatMap(({ text }) => DEVICE.exec(text)?.[3] ?? [])).size;
}

function newRun(program: string): NcclRun {
  return {
    program,
    version: '',
    library: 'nccl',
    perProcess: 0,
    cpuTime: false,
    inPlaceOnly: false,
    devices: [],
    rows: [],
  };
}

/** What the head of the table says of its columns. */
function readHead(next: () => NcclRun, text: string): void {
  if (/\bin-place\b/.test(text) && /#/.test(text)) next().inPlaceOnly = !/\bout-of-place\b/.test(text);
  if (/\balgbw\s+busbw\b/.test(text)) next().cpuTime = /\bcputime\b/.test(text);
}

/** 22703 is 2.27.3; up to 2.8 it was 2803. */
function dotted(code: number): string {
  const [major, rest] = code >= 10_000 ? [1e4, code % 1e4] : [1e3, code % 1e3];
  return `${Math.floor(code / major)}.${Math.floor(rest / 100)}.${rest % 100}`;
}

/** Cells of one place: time, algbw, busbw, #wrong; with -I four of the iterations more. */
const PLACE = 4;

function rowOf(line: Line, inPlaceOnly: boolean): TableRow | null {
  const [found, size = '', count = '', type = '', reduced, rest = ''] = ROW.exec(line.text) ?? [];
  if (found === undefined) return null;
  const redop = reduced ?? 'none';
  // Without a reduction, only a known type tells a row from a sentence.
  if (reduced === undefined && (elementTypeNamed(type) === null || !/^-?\d/.test(rest))) return null;
  const cells = rest.replace(TIMESTAMP, '').trim().split(/\s+/);
  // Older tables have a root only where there is one. Of an odd number of cells it is the first.
  const rooted = cells.length % 2 === 1 || cells[0] === '-1';
  const root = rooted ? Number(cells[0]) : -1;
  const own = rooted ? cells.slice(1) : cells;
  if (own.length === 0) return null; // the run ended there
  if (![PLACE, 2 * PLACE, 4 * PLACE].includes(own.length) || !Number.isInteger(root)) {
    throw new LabError(
      'input',
      `${whereOf(line)}behind ${type} there are ${cells.length} cells. A row of nccl-tests has 4, 8 or 16, and the root before them.`,
    );
  }
  const first = placeOf(own);
  const second = own.length === PLACE ? null : placeOf(own.slice(own.length / 2));
  const [outOfPlace, inPlace] = second === null && inPlaceOnly ? [null, first] : [first, second];
  return { line, size: Number(size), count: Number(count), type, redop, root, outOfPlace, inPlace };
}

function placeOf([time = '', algBw = '', busBw = '', wrong = '']: readonly string[]): PlaceCells {
  return { time, algBw, busBw, wrong: wrong.replace(/\*$/, '') };
}
