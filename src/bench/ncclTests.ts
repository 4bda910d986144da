/**
 * What NVIDIA's nccl-tests write with `-J file`: versions 1 to 3 of its format (src/util.cu there, which
 * src/common.cu calls). The tables that they print are read by printed/ncclTable.ts.
 */

import { LabError } from '../base/errors.ts';
import { quoted, shown } from '../base/shown.ts';
import type { CollectiveOp } from '../collectives/kinds.ts';
import { ELEMENT_TYPES, elementTypeNamed, nameOfElementType } from './elementTypes.ts';
import { isObject } from './fieldKinds.ts';
import { NcclFields } from './ncclFields.ts';
import { adapterOf, groupOf, type Json, versionOf } from './ncclMachine.ts';
import { type RowOf, resultOfRow, SUMS } from './ncclRow.ts';
import { type BenchRecord, type BenchResult, SCHEMA } from './record.ts';

const OPS: ReadonlyMap<string, CollectiveOp> = new Map([
  ['all_reduce_perf', 'all_reduce'],
  ['reduce_scatter_perf', 'reduce_scatter'],
  ['all_gather_perf', 'all_gather'],
  ['broadcast_perf', 'broadcast'],
  ['alltoall_perf', 'all_to_all'],
]);

export function isNcclTests(json: Json): boolean {
  return json['schema'] === undefined && 'nccl_version' in json;
}

/** @throws LabError `input`: one sentence that names what is wrong and where */
export function recordOfNcclTests(json: Json, where: string): BenchRecord {
  const run = new NcclFields(json, where);
  const { args, results } = json;
  const [path = '']: unknown[] = Array.isArray(args) ? args : [];
  const program = typeof path === 'string' ? path.replace(/^.*[/\\]/s, '') : shown(path);
  const op = opOfProgram(program);
  if (op === null) {
    throw run.contradiction(`args[0] is ${quoted(program)}. Of nccl-tests, ${listedPrograms()} can be read.`);
  }
  if (!Array.isArray(results)) {
    throw run.contradiction(`results is ${shown(results)}: the run of ${program} did not end well.`);
  }
  const config = isObject(json['config']) ? json['config'] : {};
  const rows = results.map((row: unknown, i) => NcclFields.of(row, `${where}results[${i}]`));
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
    results: resultsOfRows(rows, { op, library: 'nccl', group: groupOf(config, where) }, where),
  };
}

/** Null of what is no collective of ours, as sendrecv_perf. */
export function opOfProgram(program: string): CollectiveOp | null {
  return OPS.get(program) ?? null;
}

export function listedPrograms(): string {
  return [...OPS.keys()].join(', ');
}

/**
 * Of rows with several reductions those that sum, for so do we; of a run of another alone, its first.
 * @throws LabError `input`
 */
export function resultsOfRows(
  rows: readonly NcclFields[],
  of: Omit<RowOf, 'dtype'>,
  where: string,
): BenchResult[] {
  const typed = rows.flatMap((row) => {
    const dtype = elementTypeNamed(row.text('type'));
    return dtype === null ? [] : [{ row, dtype, redop: row.text('redop') }];
  });
  const [first] = rows;
  if (typed.length === 0 && first !== undefined) {
    const known = ELEMENT_TYPES.map(nameOfElementType).join(', ');
    throw new LabError(
      'input',
      `${where}the run is of ${quoted(first.text('type'))}. It must be of ${known}.`,
    );
  }
  const sums = typed.filter(({ redop }) => SUMS.includes(redop));
  const ours = sums.length > 0 ? sums : typed.filter(({ redop }) => redop === typed[0]?.redop);
  // Small sizes are rounded down, to nothing.
  return ours.flatMap(({ row, dtype }) =>
    row.count('size') > 0 ? [resultOfRow(row, { ...of, dtype })] : [],
  );
}
