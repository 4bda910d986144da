/** What nccl-tests and rccl-tests print: a table a run, with or without what a launcher puts before each line. */

import { busFactor } from '../../collectives/bandwidth.ts';
import type { CollectiveOp } from '../../collectives/kinds.ts';
import { NcclFields } from '../ncclFields.ts';
import type { Group } from '../ncclMachine.ts';
import { resultsOfRows } from '../ncclTests.ts';
import { type BenchRecord, type BenchResult, SCHEMA } from '../record.ts';
import { figureOf, type Line, whereOf } from './lines.ts';
import { opAndGroupOf } from './ncclRanks.ts';
import { type NcclRun, ncclRuns, type PlaceCells, type TableRow } from './ncclRuns.ts';

/** Empty where the lines have no such table. @throws LabError `input` that names the line */
export function recordsOfNcclTables(lines: readonly Line[]): BenchRecord[] {
  return ncclRuns(lines).map((run) => {
    const { op, group } = opAndGroupOf(run);
    const amd = run.library === 'rccl' || /\b(?:AMD|Instinct|gfx\d)/.test(run.devices[0]?.name ?? '');
    return {
      schema: SCHEMA,
      environment: {
        userAgent: `${amd ? 'rccl' : 'nccl'}-tests${run.version === '' ? '' : `, NCCL ${run.version}`}`,
        adapter: adapterOf(run, amd),
        cores: 0,
        crossOriginIsolated: null,
        date: '',
        commit: '',
      },
      results: resultsOf({ ...run, library: amd ? 'rccl' : 'nccl' }, op, group),
    };
  });
}

function adapterOf({ devices }: NcclRun, amd: boolean): Readonly<Record<string, string>> {
  const name = devices[0]?.name ?? '';
  return name === '' ? { vendor: amd ? 'amd' : 'nvidia' } : { device: name };
}

function resultsOf({ rows, library, cpuTime }: NcclRun, op: CollectiveOp, group: Group): BenchResult[] {
  const fields = rows.map((row) => fieldsOf(row, cpuTime));
  const results = resultsOfRows(fields, { op, library, group }, '');
  // As printed, a bandwidth below 1 has one or two digits, and no chart of logarithms has room for 0.
  return results.map((result) => {
    const { worldSize, algBwGBs, busBwGBs, bytes, medianMs } = result;
    if ((algBwGBs >= 1 && busBwGBs >= 1) || medianMs === 0) return result;
    const exact = bytes / medianMs / 1e6;
    return { ...result, algBwGBs: exact, busBwGBs: exact * busFactor(op, worldSize) };
  });
}

/** With the names that the same figures have in JSON. */
function fieldsOf(
  { line, outOfPlace, inPlace, size, count, type, redop }: TableRow,
  cpuTime: boolean,
): NcclFields {
  const place = (cells: PlaceCells | null) =>
    cells === null
      ? null
      : {
          [cpuTime ? 'cpu_time' : 'time']: numberOrWord(cells.time),
          alg_bw: numberOrWord(cells.algBw),
          bus_bw: numberOrWord(cells.busBw),
          // Tables before 2.12 have the largest error in place of a count.
          nwrong: cells.wrong === 'N/A' || /[.e]/.test(cells.wrong) ? null : numberOrWord(cells.wrong),
        };
  const [out_of_place, in_place] = [place(outOfPlace), place(inPlace)];
  return new NcclFields({ size, count, type, redop, out_of_place, in_place }, whereOf(line));
}

/** The word, for the error to show, where it is no number. */
function numberOrWord(cell: string): number | string {
  return figureOf(cell) ?? cell;
}
