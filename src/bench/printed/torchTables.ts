/**
 * Tables that scripts around torch.distributed print: all_reduce_bench.py and torch-dist-bench.py (stas00/ml-engineering), and
 * DeepSpeed's communication benchmarks (deepspeedai/DeepSpeedExamples, benchmarks/communication).
 */

import { LabError } from '../../base/errors.ts';
import { quoted } from '../../base/shown.ts';
import { type CollectiveOp, isCollective } from '../../collectives/kinds.ts';
import { collectiveResult } from '../collectiveResult.ts';
import { MOST_RANKS } from '../fields.ts';
import { type BenchRecord, type BenchResult, SCHEMA } from '../record.ts';
import { bytesOfSize, figureOf, type Line, whereOf } from './lines.ts';

const PAYLOADS = /\bof ([a-z_]+) over (\d+) ranks\b/;
/** One size alone, before all_reduce_bench.py had a table. */
const ONE_PAYLOAD = /\bof ([a-z_]+) with a ([\d.]+)GB payload \(\d+ trials, (\d+) ranks\)/;
/** All collectives in one table have no times of small payloads by themselves. */
const COMBINED = /\bof \d+ collectives over \d+ ranks\b/;
const DEEPSPEED = /---- Performance of (\w+) on (\d+) devices/;
const DEEPSPEED_ROW =
  /(?:^|\s)([\d.]+(?: [KMGT]?B)?)\s+(\d+)x(\d+)\s+([\d.]+)(?: (us|ms|s))?\s+([\d.]+)\s+([\d.]+)\s*$/;

interface Table {
  readonly op: CollectiveOp;
  readonly ranks: number;
  readonly kind: 'payloads' | 'one payload' | 'deepspeed';
  /** Of one payload. */
  readonly bytes: number;
  /** Of payloads: the cells of the head. */
  heads: readonly string[];
}

/** Empty where the lines have no such table. @throws LabError `input` that names the line */
export function recordsOfTorchTables(lines: readonly Line[]): BenchRecord[] {
  const records: (BenchRecord & { results: BenchResult[] })[] = [];
  let [gpu, version] = ['', ''];
  let table: Table | null = null;
  for (const line of lines) {
    const { text } = line;
    gpu = /Properties\(name='([^']*)'/.exec(text)?.[1] ?? gpu;
    version = /\btorch=([\w.+]+)/.exec(text)?.[1] ?? version;
    const started = startOf(line);
    if (started !== null) {
      table = started;
      const name = started.kind === 'deepspeed' ? 'DeepSpeed’s benchmark' : 'torch.distributed';
      records.push({ schema: SCHEMA, environment: environmentOf(name, gpu, version), results: [] });
      continue;
    }
    const result = table === null ? null : resultOf(table, line);
    if (result !== null) records.at(-1)?.results.push(result);
  }
  return records.filter(({ results }) => results.length > 0);
}

function startOf(line: Line): Table | null {
  const { text } = line;
  if (COMBINED.test(text)) {
    throw new LabError(
      'input',
      `${whereOf(line)}several collectives stand in one table. Run torch-dist-bench.py with --separate-tables.`,
    );
  }
  const one = ONE_PAYLOAD.exec(text);
  const kind = one !== null ? 'one payload' : DEEPSPEED.test(text) ? 'deepspeed' : 'payloads';
  const found = one === null ? (DEEPSPEED.exec(text) ?? PAYLOADS.exec(text)) : [one[0], one[1], one[3]];
  if (found === null) return null;
  const [, name = '', count = ''] = found;
  const [ranks, bytes] = [Number(count), Math.round(1e9 * Number(one?.[2] ?? 0))];
  if (isCollective(name) && ranks >= 1 && ranks <= MOST_RANKS)
    return { op: name, ranks, kind, bytes, heads: [] };
  throw new LabError(
    'input',
    `${whereOf(line)}the table is of ${quoted(name)} on ${count} ranks. all_reduce, all_gather, reduce_scatter, all_to_all and broadcast can be read, on 1 to ${MOST_RANKS.toLocaleString('en')}.`,
  );
}

function resultOf(table: Table, line: Line): BenchResult | null {
  switch (table.kind) {
    case 'deepspeed':
      return ofDeepSpeed(table, line);
    case 'payloads':
      return ofPayloads(table, line);
    case 'one payload':
      return ofOnePayload(table, line);
    default:
      return table.kind satisfies never;
  }
}

/** algbw: 239.742 GBps (1917.9 Gbps) */
function ofOnePayload(table: Table, line: Line): BenchResult | null {
  const [, rate] = /\balgbw: ([\d.]+) GBps/.exec(line.text) ?? [];
  if (rate === undefined) return null;
  const { bytes } = table;
  return measured(table, line, {
    bytes,
    ms: bytes / Number(rate) / 1e6,
    dtype: 'f32',
    said: 'mean of all trials',
  });
}

/** | payload | busbw | algbw |, and in newer ones latency median | p99 | mean | calls |. */
function ofPayloads(table: Table, line: Line): BenchResult | null {
  const cells = line.text
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
  if (cells.includes('payload')) table.heads = cells;
  const cell = (name: string): string => cells[table.heads.indexOf(name)] ?? '';
  const bytes = bytesOfSize(cell('payload'));
  if (bytes === null) return null;
  const rate = figureOf(cell('algbw').replace(/GBps$/, ''));
  const median = figureOf(cell('latency median').replace(/us$/, ''));
  const ms = median !== null ? median / 1000 : rate !== null ? bytes / rate / 1e6 : 0;
  return measured(table, line, {
    bytes,
    ms,
    dtype: 'f32',
    said: median === null ? 'mean of all trials' : '',
  });
}

/** Size, elements × their bytes, duration, throughput, busbw; with --raw the size is in bytes, and the duration in µs. */
function ofDeepSpeed(table: Table, line: Line): BenchResult | null {
  const [found, size = '', count = '', width = '', duration = '', unit = 'us'] =
    DEEPSPEED_ROW.exec(line.text) ?? [];
  if (found === undefined) return null;
  const own = Number(count) * Number(width);
  // Of a gather the elements are a rank's, and the size that of all.
  const bytes = [own, own * table.ranks].find((all) => isNear(bytesOfSize(size) ?? 0, all)) ?? 0;
  const scale = { us: 1e-3, ms: 1, s: 1e3 }[unit] ?? 1;
  const dtype = { 1: 'i8', 2: 'f16', 4: 'f32', 8: 'f64' }[width] as BenchResult['dtype'] | undefined;
  return measured(table, line, {
    bytes,
    ms: scale * Number(duration),
    dtype: dtype ?? 'f32',
    said: width === '2' ? 'mean of all trials, elements of 2 bytes' : 'mean of all trials',
  });
}

/** Sizes are printed with two digits behind the point. */
function isNear(printed: number, exact: number): boolean {
  return Math.abs(printed - exact) <= 0.01 * exact;
}

interface Measured {
  readonly bytes: number;
  readonly ms: number;
  readonly dtype: BenchResult['dtype'];
  readonly said: string;
}

function measured({ op, ranks }: Table, line: Line, { bytes, ms, dtype, said }: Measured): BenchResult {
  if (!(Number.isSafeInteger(bytes) && bytes > 0 && ms > 0 && Number.isFinite(ms))) {
    throw new LabError(
      'input',
      `${whereOf(line)}the row tells no size in whole bytes and no time, both above 0, which follow from its cells.`,
    );
  }
  return collectiveResult({
    op,
    backend: 'torch-nccl',
    transport: 'nccl',
    worldSize: ranks,
    dtype,
    bytes,
    samplesMs: [ms],
    notes: [said],
  });
}

function environmentOf(program: string, gpu: string, version: string): BenchRecord['environment'] {
  return {
    userAgent: version === '' ? program : `${program}, torch ${version}`,
    adapter: gpu === '' ? {} : { device: gpu },
    cores: 0,
    crossOriginIsolated: null,
    date: '',
    commit: '',
  };
}
