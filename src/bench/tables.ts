/** Results for people: a table in the manner of nccl-tests for a terminal, and one in Markdown for a README. */

import { isCollective } from '../collectives/kinds.ts';
import { isModelOp } from './cases.ts';
import { COLLECTIVE_COLUMNS, COMPUTE_COLUMNS, MODEL_COLUMNS, type ReportColumn } from './columns.ts';
import type { BenchEnvironment, BenchRecord, BenchResult } from './record.ts';

/** Lines that are no results begin with #, as nccl-tests has it. */
export function toTable({ environment, results }: BenchRecord): string {
  const about = aboutLines(environment).map((line) => `# ${line}`);
  const tables = tablesOf(results).map(({ columns, rows }) => {
    const heads = [columns.map(({ title }) => title), columns.map(({ unit }) => unit)];
    const widths = columns.map((_, at) =>
      Math.max(...[...heads, ...rows].map((row) => row[at]?.length ?? 0)),
    );
    const line = (cells: readonly string[]): string => padded(cells, columns, widths).join('  ').trimEnd();
    return ['#', ...heads.map((cells) => `# ${line(cells)}`), ...rows.map((cells) => `  ${line(cells)}`)];
  });
  const wrong = results.reduce((sum, result) => sum + result.wrong, 0);
  const failed = results.filter(({ samplesMs }) => samplesMs.length === 0).length;
  const end = [
    '#',
    `# Wrong values : ${wrong} ${wrong === 0 ? 'OK' : 'FAILED'}`,
    ...(failed > 0 ? [`# Cases not run: ${failed} FAILED`] : []),
  ];
  return `${[...about, ...tables.flat(), ...end].join('\n')}\n`;
}

/** A paragraph on the machine, and a table each for collectives, for layers and products, and for models. */
export function toMarkdown({ environment, results }: BenchRecord): string {
  const tables = tablesOf(results).map(({ columns, rows }) => {
    const heads = columns.map(({ title, unit }) => `${title} ${unit}`.trim());
    const rules = columns.map(({ align }) => (align === 'right' ? '--:' : ':--'));
    return [heads, rules, ...rows].map((cells) => `| ${cells.map(escaped).join(' | ')} |\n`).join('');
  });
  return [`${aboutLines(environment).join('  \n')}\n`, ...tables].join('\n');
}

interface Table {
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly (readonly string[])[];
}

/** Columns in which no row says anything are left out. */
function tablesOf(results: readonly BenchResult[]): Table[] {
  const collectives = results.filter(({ op }) => isCollective(op));
  const models = results.filter(({ op }) => isModelOp(op));
  const others = results.filter(({ op }) => !isCollective(op) && !isModelOp(op));
  const all: [readonly ReportColumn[], readonly BenchResult[]][] = [
    [COLLECTIVE_COLUMNS, collectives],
    [COMPUTE_COLUMNS, others],
    [MODEL_COLUMNS, models],
  ];
  return all.flatMap(([known, some]) => {
    if (some.length === 0) return [];
    const columns = known.filter(({ cell }) => some.some((result) => cell(result) !== ''));
    return [{ columns, rows: some.map((result) => columns.map(({ cell }) => oneLine(cell(result)))) }];
  });
}

function aboutLines({
  userAgent,
  adapter,
  cores,
  crossOriginIsolated,
  date,
  commit,
}: BenchEnvironment): string[] {
  const gpu = Object.values(adapter)
    .filter((value) => value !== '')
    .join(', ');
  const parts = [
    userAgent,
    gpu === '' ? '' : `GPU: ${gpu}`,
    `${cores === 0 ? '' : `${cores} cores`}${crossOriginIsolated === false ? ', not cross-origin isolated' : ''}`,
    [date, commit === '' ? '' : `commit ${commit}`].filter((part) => part !== '').join(', '),
  ];
  return parts.filter((part) => part !== '').map(oneLine);
}

function padded(
  cells: readonly string[],
  columns: readonly ReportColumn[],
  widths: readonly number[],
): string[] {
  return cells.map((cell, at) => {
    const width = widths[at] ?? 0;
    return columns[at]?.align === 'right' ? cell.padStart(width) : cell.padEnd(width);
  });
}

function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ');
}

/** A bar would end the cell. */
function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|');
}
