/**
 * Of which collective a table of nccl-tests is, and on how many ranks. Old versions do not say the first, and with what was
 * cut from a log goes the second; both follow from the rows. Of a gather, a scatter and an exchange, count is a rank's
 * share; of others busbw over algbw tells the ranks (doc/PERFORMANCE.md there).
 */

import { LabError } from '../../base/errors.ts';
import { busFactor } from '../../collectives/bandwidth.ts';
import type { CollectiveOp } from '../../collectives/kinds.ts';
import { elementBytes, elementTypeNamed } from '../elementTypes.ts';
import { MOST_RANKS } from '../fields.ts';
import type { Group } from '../ncclMachine.ts';
import { listedPrograms, opOfProgram } from '../ncclTests.ts';
import { figureOf, whereOf } from './lines.ts';
import type { NcclRun, PlaceCells, TableRow } from './ncclRuns.ts';

/** @throws LabError `input` where the rows do not tell, or contradict each other */
export function opAndGroupOf(run: NcclRun): { op: CollectiveOp; group: Group } {
  const op = opOf(run);
  const groups = new Set(run.devices.map(({ group }) => group));
  const first = run.devices[0]?.group;
  const listed = new Set(run.devices.filter(({ group }) => group === first).map(({ rank }) => rank)).size;
  const worldSize = ranksOf(run, op, listed > 0 ? listed : run.perProcess);
  return { op, group: { worldSize, count: Math.max(1, groups.size) } };
}

function opOf({ program, rows }: NcclRun): CollectiveOp {
  if (program !== '') {
    const op = opOfProgram(program);
    if (op !== null) return op;
    throw new LabError(
      'input',
      `The table is of ${program}. Of nccl-tests, ${listedPrograms()} can be read.`,
    );
  }
  const [row] = rows;
  if (row === undefined) throw new LabError('input', 'The table has no rows.');
  const shared = rows.some((one) => sharesOf(one) > 1);
  if (row.redop !== 'none' && row.root < 0) return shared ? 'reduce_scatter' : 'all_reduce';
  if (row.redop === 'none' && row.root >= 0 && !shared) return 'broadcast';
  if (row.redop === 'none' && row.root < 0 && shared) {
    const [outside, inside] = [row.outOfPlace?.wrong, row.inPlace?.wrong];
    // An exchange has no check in place: src/alltoall.cu.
    if (outside !== 'N/A' && inside !== undefined) return inside === 'N/A' ? 'all_to_all' : 'all_gather';
  }
  throw new LabError(
    'input',
    `${whereOf(row.line)}the table does not tell its collective. Paste the line with its program too, one of ${listedPrograms()}.`,
  );
}

/** Size over what count alone takes: 1, or the ranks. */
function sharesOf({ size, count, type }: TableRow): number {
  const dtype = elementTypeNamed(type);
  return dtype === null || count === 0 ? 0 : size / (count * elementBytes(dtype));
}

/** @param listed 0 where nothing lists them */
function ranksOf({ rows, cpuTime }: NcclRun, op: CollectiveOp, listed: number): number {
  const shares = rows.map(sharesOf).find((share) => share > 1);
  const told = shares !== undefined && op !== 'all_reduce' && op !== 'broadcast' ? shares : listed;
  const odd = rows.find((row) => !fits(row, op, told));
  const isCount = told > 0 && Number.isInteger(told) && told <= MOST_RANKS;
  // Where already algbw does not follow from the time, that is what is wrong, and who reads the row says so.
  if (isCount && (odd === undefined || !(cpuTime || hasOwnRate(odd)))) return told;
  const seen = seenRanks(rows, op);
  if (seen !== null) return seen;
  if (told > 0 && odd !== undefined) {
    const remedy = op === 'all_reduce' ? ' Paste all lines “# Rank …”, or none.' : '';
    throw new LabError(
      'input',
      `${whereOf(odd.line)}busbw does not follow from algbw for ${op} on ${told} ranks.${remedy}`,
    );
  }
  throw new LabError(
    'input',
    'The table does not tell how many ranks took part. Paste the lines above it too, “# nThread …” and “# Rank …”.',
  );
}

/** Whether each busbw is what its algbw makes of it, as far as they are printed. */
function fits({ outOfPlace, inPlace }: TableRow, op: CollectiveOp, ranks: number): boolean {
  if (!(ranks >= 1)) return false;
  const factor = busFactor(op, ranks);
  return [outOfPlace, inPlace].every((place) => {
    const [algBw, busBw] = ratesOf(place);
    if (algBw === null || busBw === null) return true;
    return Math.abs(busBw.value - factor * algBw.value) <= busBw.unit + factor * algBw.unit;
  });
}

/** Whether each algbw is size over time, as far as they are printed. */
function hasOwnRate({ outOfPlace, inPlace, size }: TableRow): boolean {
  return [outOfPlace, inPlace].every((place) => {
    const [algBw] = ratesOf(place);
    const us = figureOf(place?.time ?? '');
    if (algBw === null || us === null || us === 0) return true;
    const due = size / us / 1000;
    return Math.abs(algBw.value - due) <= algBw.unit + 0.01 * due;
  });
}

/** The one number of ranks that all rows of an all-reduce fit; null without one. */
function seenRanks(rows: readonly TableRow[], op: CollectiveOp): number | null {
  if (op !== 'all_reduce') return null;
  let [least, most] = [1, Number.POSITIVE_INFINITY];
  for (const { outOfPlace, inPlace } of rows) {
    for (const place of [outOfPlace, inPlace]) {
      const [algBw, busBw] = ratesOf(place);
      if (algBw === null || busBw === null || algBw.value <= algBw.unit) continue;
      // busbw / algbw = 2 (n - 1) / n
      const lower = (busBw.value - busBw.unit) / (algBw.value + algBw.unit);
      const upper = (busBw.value + busBw.unit) / (algBw.value - algBw.unit);
      least = Math.max(least, lower < 2 ? 2 / (2 - lower) : Number.POSITIVE_INFINITY);
      if (upper < 2) most = Math.min(most, 2 / (2 - upper));
    }
  }
  const ranks = Math.ceil(least);
  return Math.floor(most) === ranks && ranks <= MOST_RANKS ? ranks : null;
}

interface Rounded {
  readonly value: number;
  /** Half of its last digit. */
  readonly unit: number;
}

function ratesOf(place: PlaceCells | null): [Rounded | null, Rounded | null] {
  return place === null ? [null, null] : [roundedOf(place.algBw), roundedOf(place.busBw)];
}

function roundedOf(cell: string): Rounded | null {
  const value = figureOf(cell);
  if (value === null || /e/i.test(cell)) return null;
  const decimals = cell.split('.')[1]?.length ?? 0;
  return { value, unit: 0.5001 * 10 ** -decimals };
}
