/**
 * What PARAM's communication benchmark prints of torch.distributed: rows “COMMS-RES-all_reduce-float32 …” (facebookresearch/param,
 * train/comms/pt/comms.py, reportBenchTimeColl).
 */

import { LabError } from '../../base/errors.ts';
import { quoted } from '../../base/shown.ts';
import { busFactor } from '../../collectives/bandwidth.ts';
import type { CollectiveOp } from '../../collectives/kinds.ts';
import { collectiveResult } from '../collectiveResult.ts';
import { elementBytes, elementTypeNamed } from '../elementTypes.ts';
import { MOST_RANKS } from '../fields.ts';
import { type BenchRecord, type BenchResult, SCHEMA } from '../record.ts';
import { figureOf, type Line, whereOf } from './lines.ts';

/** The tag is glued to the type: “COMMS-RES-all_reduce-float32-run1”. */
const ROW = /COMMS-RES-([a-z_\d]+)-([a-z]+\d*)\S*\s+(\d.*)$/;
const OPS: ReadonlyMap<string, CollectiveOp> = new Map([
  ['all_reduce', 'all_reduce'],
  ['all_gather', 'all_gather'],
  ['all_gather_base', 'all_gather'],
  ['reduce_scatter', 'reduce_scatter'],
  ['reduce_scatter_base', 'reduce_scatter'],
  ['all_to_all', 'all_to_all'],
  ['all_to_all_single', 'all_to_all'],
  ['broadcast', 'broadcast'],
]);
/** Numbers of ranks that are tried where only the bandwidths tell them. */
const TRIED = 1024;

/** Empty where the lines have no such rows. @throws LabError `input` that names the line */
export function recordsOfParam(lines: readonly Line[]): BenchRecord[] {
  const results: BenchResult[] = [];
  let [ranks, gloo] = [0, false];
  for (const line of lines) {
    const { text } = line;
    ranks = Number(/\bworld_?size['"]?\s*[:=]\s*(\d+)/i.exec(text)?.[1] ?? ranks);
    if (/backend['"]?\s*[:=]\s*['"]?gloo/i.test(text)) gloo = true;
    const [, name, type = '', rest = ''] = ROW.exec(text) ?? [];
    if (name !== undefined) results.push(resultOf({ name, type, rest, ranks, gloo }, line));
  }
  if (results.length === 0) return [];
  const environment = {
    userAgent: 'PARAM, torch.distributed',
    adapter: {},
    cores: 0,
    crossOriginIsolated: null,
    date: '',
    commit: '',
  };
  return [{ schema: SCHEMA, environment, results }];
}

interface Row {
  readonly name: string;
  readonly type: string;
  readonly rest: string;
  /** 0 where nothing says it. */
  readonly ranks: number;
  readonly gloo: boolean;
}

function resultOf({ name, type, rest, ranks, gloo }: Row, line: Line): BenchResult {
  const [op, dtype] = [OPS.get(name), elementTypeNamed(type)];
  const refusal = (sentence: string): LabError => new LabError('input', `${whereOf(line)}${sentence}`);
  if (op === undefined) {
    throw refusal(`the row is of ${quoted(name)}. Of PARAM, ${[...OPS.keys()].join(', ')} can be read.`);
  }
  if (dtype === null) throw refusal(`the row is of ${quoted(type)}, which is no type that is known here.`);
  const [bytes, count, p50, , p95, , , algBw, busBw] = rest.split(/\s+/).map(figureOf);
  if (
    !(bytes && count && p50 && algBw !== null && algBw !== undefined && busBw !== null) ||
    busBw === undefined
  ) {
    throw refusal(
      'a row of PARAM has size, elements, p50, p75, p95, min, max, AlgBW and BusBW, each a number and the first three above 0.',
    );
  }
  const shares = bytes / (count * elementBytes(dtype));
  const told = shares > 1 && Number.isInteger(shares) ? shares : ranks;
  const worldSize = told > 0 ? told : ranksOfRates(op, algBw, busBw);
  if (worldSize === null || worldSize > MOST_RANKS) {
    throw refusal('the row does not tell how many ranks took part. Put a line “world_size: 8” above it.');
  }
  return collectiveResult({
    op,
    backend: gloo ? 'torch-gloo' : 'torch-nccl',
    transport: gloo ? 'gloo' : 'nccl',
    worldSize,
    dtype,
    bytes,
    samplesMs: [p50 / 1000],
    notes: ['middle of the ranks', typeof p95 === 'number' ? `p95 ${p95} µs` : ''],
  });
}

/** Printed with three digits behind the point; null where no number or several would do. */
function ranksOfRates(op: CollectiveOp, algBw: number, busBw: number): number | null {
  const fitting = Array.from({ length: TRIED }, (_, i) => i + 1).filter((ranks) => {
    const factor = busFactor(op, ranks);
    return Math.abs(busBw - factor * algBw) <= 0.0005 * (1 + factor);
  });
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}
