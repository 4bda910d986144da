/**
 * What gloo's own benchmark prints (pytorch/gloo, gloo/benchmark/runner.cc): since 2021 with a size in bytes and the
 * algorithm as a title, before that with “Algorithm:” and without the size.
 */

import { LabError } from '../../base/errors.ts';
import { quoted } from '../../base/shown.ts';
import type { CollectiveOp } from '../../collectives/kinds.ts';
import { collectiveResult } from '../collectiveResult.ts';
import { MOST_RANKS } from '../fields.ts';
import { type BenchRecord, type BenchResult, SCHEMA } from '../record.ts';
import { figuresOf, type Line, whereOf } from './lines.ts';

const COLUMNS =
  /size \(B\)|elements|(?:min|p50|p99|max) \((?:us|ns)\)|(?:avg|bandwidth) \(GB\/s\)|samples|iterations/g;
/** algorithm without new_ and cuda_ → collective. */
const OPS: readonly (readonly [RegExp, CollectiveOp])[] = [
  [/^allreduce(?!_local)/, 'all_reduce'],
  [/^allgather(?!v)/, 'all_gather'],
  [/^reduce_scatter/, 'reduce_scatter'],
  [/^broadcast/, 'broadcast'],
  [/^alltoall(?!v)/, 'all_to_all'],
];

interface Table {
  readonly algorithm: string;
  readonly ranks: number;
  readonly inputs: number;
  readonly columns: readonly string[];
}

/** Empty where the lines have no such table. @throws LabError `input` that names the line */
export function recordsOfGloo(lines: readonly Line[]): BenchRecord[] {
  const records: (BenchRecord & { results: BenchResult[] })[] = [];
  let [algorithm, device, ranks, inputs] = ['', '', 0, 1];
  let table: Table | null = null;
  for (const line of lines) {
    const { text } = line;
    device = /Device:\s+(\w+)/.exec(text)?.[1] ?? device;
    algorithm = /Algorithm:\s+(\w+)/.exec(text)?.[1] ?? titleOf(text) ?? algorithm;
    const [, processes, buffers = '1'] = /processes=(\d+)(?:, inputs=(\d+))?/.exec(text) ?? [];
    if (processes !== undefined) [ranks, inputs] = [Number(processes), Number(buffers)];
    const columns = text.match(COLUMNS);
    if (columns?.includes('elements') && columns.some((name) => name.startsWith('p50'))) {
      table = { algorithm, ranks, inputs, columns };
      checkTable(table, line);
      records.push({ schema: SCHEMA, environment: environmentOf(device), results: [] });
      continue;
    }
    const figures = table === null ? null : figuresOf(text, table.columns.length);
    if (table !== null && figures !== null) records.at(-1)?.results.push(resultOf(table, figures, line));
  }
  return records.filter(({ results }) => results.length > 0);
}

/** "                ALLREDUCE_RING" → allreduce_ring; null of another line. */
function titleOf(text: string): string | null {
  const word = /(?:^|\s)([A-Z][A-Z_]+[A-Z])\s*$/.exec(text)?.[1]?.toLowerCase();
  return word === undefined || opNamed(word) === null ? null : word;
}

function opNamed(algorithm: string): CollectiveOp | null {
  const plain = algorithm.replace(/^(?:new_|cuda_)+/, '');
  return OPS.find(([name]) => name.test(plain))?.[1] ?? null;
}

function checkTable({ algorithm, ranks }: Table, line: Line): void {
  if (opNamed(algorithm) === null) {
    throw new LabError(
      'input',
      `${whereOf(line)}the table of gloo is of ${quoted(algorithm)}. One of allreduce, allgather, reduce_scatter, broadcast or alltoall can be read, with the line “Algorithm: …” or its title above.`,
    );
  }
  if (!(ranks >= 1 && ranks <= MOST_RANKS)) {
    throw new LabError(
      'input',
      `${whereOf(line)}processes is ${ranks} above the table of gloo. Paste its line “Options: processes=…” too, from 1 to ${MOST_RANKS.toLocaleString('en')}.`,
    );
  }
}

function resultOf(table: Table, figures: readonly number[], line: Line): BenchResult {
  const { algorithm, ranks, inputs, columns } = table;
  const op = opNamed(algorithm) ?? 'all_reduce';
  const cell = (name: string): number => {
    const at = columns.findIndex((column) => column.startsWith(name));
    return at < 0 ? Number.NaN : (figures[at] ?? Number.NaN);
  };
  const [elements, sized] = [cell('elements'), cell('size')];
  // Without a size, elements are floats: options.cc. An all-to-all sends 64-bit integers.
  const width = Number.isNaN(sized) ? (op === 'all_to_all' ? 8 : 4) : sized / elements;
  const unit = columns.some((column) => column.endsWith('(ns)')) ? 1e-6 : 1e-3;
  const ms = unit * cell('p50');
  if (!(ms > 0 && elements > 0 && [1, 2, 4, 8].includes(width) && Number.isInteger(elements))) {
    throw new LabError(
      'input',
      `${whereOf(line)}p50 is ${cell('p50')}, of ${elements} elements${Number.isNaN(sized) ? '' : ` in ${sized} B`}. Each must be above 0, and an element 1, 2, 4 or 8 bytes. Times below a microsecond are printed with --nanos.`,
    );
  }
  // What each rank brings; a gather and an exchange have it of all.
  const share = op === 'all_gather' ? ranks * inputs : op === 'all_to_all' ? ranks : 1;
  const us = (name: string): number => Number((1000 * unit * cell(name)).toPrecision(6));
  const spread = [us('min'), us('max'), us('p99')];
  return collectiveResult({
    op,
    backend: 'gloo-benchmark',
    transport: 'gloo',
    worldSize: ranks,
    dtype:
      op === 'all_to_all' ? 'u64' : width === 2 ? 'f16' : width === 8 ? 'f64' : width === 1 ? 'i8' : 'f32',
    bytes: elements * width * share,
    samplesMs: [ms],
    notes: [
      algorithm,
      'median of rank 0',
      spread.every(Number.isFinite) ? `from ${spread[0]} to ${spread[1]} µs, p99 ${spread[2]} µs` : '',
    ],
  });
}

function environmentOf(device: string): BenchRecord['environment'] {
  return {
    userAgent: device === '' ? 'gloo’s benchmark' : `gloo’s benchmark over ${device}`,
    adapter: {},
    cores: 0,
    crossOriginIsolated: null,
    date: '',
    commit: '',
  };
}
