/**
 * What NVIDIA's nccl-tests write with `-J file`: versions 1 to 3 of its format (src/util.cu there, which
 * src/common.cu calls). Of a run with several types or reductions, the rows of float and sum are taken, for they are what we
 * measure.
 */

import { LabError } from '../base/errors.ts';
import { quoted, shown } from '../base/shown.ts';
import type { CollectiveOp } from '../collectives/kinds.ts';
import { isObject } from './fieldKinds.ts';
import { NcclFields } from './ncclFields.ts';
import { adapterOf, groupOf, type Json, versionOf } from './ncclMachine.ts';
import { resultOfRow } from './ncclRow.ts';
import { type BenchRecord, SCHEMA } from './record.ts';

const OPS: ReadonlyMap<string, CollectiveOp> = new Map([
  ['all_reduce_perf', 'all_reduce'],
  ['reduce_scatter_perf', 'reduce_scatter'],
  ['all_gather_perf', 'all_gather'],
  ['broadcast_perf', 'broadcast'],
  ['alltoall_perf', 'all_to_all'],
]);

/** Where nothing is reduced it is none. */
const SUMS = ['sum', 'none'];

export function isNcclTests(json: Json): boolean {
  return json['schema'] === undefined && 'nccl_version' in json;
}

/** @throws LabError `input`: one sentence that names what is wrong and where */
export function recordOfNcclTests(json: Json, where: string): BenchRecord {
  const run = new NcclFields(json, where);
  const { args, results } = json;
  const [path = '']: unknown[] = Array.isArray(args) ? args : [];
  const program = typeof path === 'string' ? path.replace(/^.*[/\\]/s, '') : shown(path);
  const op = OPS.get(program);
  if (op === undefined) {
    throw run.contradiction(
      `args[0] is ${quoted(program)}. Of nccl-tests, ${[...OPS.keys()].join(', ')} can be read.`,
    );
  }
  if (!Array.isArray(results)) {
    throw run.contradiction(`results is ${shown(results)}: the run of ${program} did not end well.`);
  }
  const config = isObject(json['config']) ? json['config'] : {};
  const group = groupOf(config, where);
  const rows = results.map((row: unknown, i) => NcclFields.of(row, `${where}results[${i}]`));
  const ours = rows.filter((row) => row.text('type') === 'float' && SUMS.includes(row.text('redop')));
  const [first] = rows;
  if (ours.length === 0 && first !== undefined) {
    const of = `${quoted(first.text('type'))}, ${quoted(first.text('redop'))}`;
    throw new LabError('input', `${where}the run is of ${of}. Run ${program} with -d float -o sum.`);
  }
  const date = run.has('start_time') ? run.text('start_time') : '';
  return {
    schema: SCHEMA,
    environment: {
      userAgent: `nccl-tests, NCCL ${versionOf(run.count('nccl_version'))}`,
      adapter: adapterOf(config),
      cores: 0,
      crossOriginIsolated: null,
      date: date.replace(' ', 'T'), // in the machine's own time zone, which is not told
      commit: '',
    },
    // Small sizes are rounded down, to nothing.
    results: ours.filter((row) => row.count('size') > 0).map((row) => resultOfRow(row, op, group)),
  };
}
