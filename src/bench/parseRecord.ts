/**
 * Reads what measured, recognised by what is in it: files of the page, the command line and benchmark.py, JSON or CSV; what
 * nccl-tests write with `-J`; tables that a machine printed (printed/); and results of serving. A text may hold several, as an
 * array or one behind the other, as `cat` leaves them.
 */

import { LabError } from '../base/errors.ts';
import { shown } from '../base/shown.ts';
import { readCsv } from './csv.ts';
import { CSV_COLUMNS } from './exportRecord.ts';
import { isObject } from './fieldKinds.ts';
import { ENVIRONMENT_FIELDS, keysOf, RESULT_FIELDS, readFields, readResult } from './fields.ts';
import { isJson, jsonValues } from './jsonTexts.ts';
import { isNcclTests, recordOfNcclTests } from './ncclTests.ts';
import { linesOf } from './printed/lines.ts';
import { recordsOfPrinted } from './printed/printed.ts';
import { type BenchEnvironment, type BenchRecord, type BenchResult, SCHEMA } from './record.ts';
import { isServing, type ServingResult, servingOf } from './serving/serving.ts';
import { servingOfPrinted } from './serving/servingText.ts';

export interface Measured {
  readonly records: readonly BenchRecord[];
  readonly serving: readonly ServingResult[];
}

const READ =
  'Files of this page, of npm run bench and of benchmark.py are read; the JSON (-J) of nccl-tests; the tables that nccl-tests, ' +
  'rccl-tests, gloo’s benchmark, OSU, PARAM, DeepSpeed and torch-dist-bench.py print; and what vLLM and SGLang measured of serving.';

/** @throws LabError `input`: one sentence that names what is wrong and where */
export function parseMeasured(text: string): Measured {
  const plain = text.replace(/^\uFEFF/, '').trimStart(); // spreadsheets begin a file with a byte order mark
  if (plain === '') throw new LabError('input', 'The file is empty.');
  if (/^"?op"?,/.test(plain)) return { records: recordsOfCsv(plain), serving: [] };
  // “[0] # nThread 1 …” begins as a list does.
  if (!/^(?:\{|\[\s*[[{\]]|")/.test(plain)) {
    const lines = linesOf(plain);
    const printed = { records: recordsOfPrinted(lines), serving: servingOfPrinted(lines) };
    if (printed.records.length > 0 || printed.serving.length > 0) return printed;
    if (!isJson(plain)) throw new LabError('input', `Nothing in this text is known here. ${READ}`);
  }
  const values = jsonValues(plain).flatMap((value) => (Array.isArray(value) ? value : [value]));
  const where = (i: number): string => (values.length > 1 ? `record ${i + 1}: ` : '');
  return {
    records: values.flatMap((value, i) => (isServing(value) ? [] : [recordOf(value, where(i))])),
    serving: values.flatMap((value, i) => (isServing(value) ? [servingOf(value, where(i))] : [])),
  };
}

/** The collectives, layers and products alone. @throws LabError `input`, and where there is nothing but serving */
export function parseRecord(text: string): readonly BenchRecord[] {
  const { records, serving } = parseMeasured(text);
  if (records.length > 0 || serving.length === 0) return records;
  throw new LabError(
    'input',
    'These are results of serving, and not of collectives. Run nccl-tests for those.',
  );
}

function recordOf(json: unknown, where: string): BenchRecord {
  if (!isObject(json)) throw new LabError('input', `${where}${shown(json)} is no benchmark record.`);
  if (isNcclTests(json)) return recordOfNcclTests(json, where);
  const { schema, environment, results } = json;
  if (schema === undefined) {
    throw new LabError('input', `${where}schema is missing, so this is no benchmark record. ${READ}`);
  }
  if (schema !== SCHEMA) {
    throw new LabError('input', `${where}schema is ${shown(schema)}. Only "${SCHEMA}" can be read.`);
  }
  if (!isObject(environment)) {
    throw new LabError('input', `${where}environment is ${shown(environment)}. It must be an object.`);
  }
  if (!Array.isArray(results)) {
    throw new LabError('input', `${where}results is ${shown(results)}. It must be a list.`);
  }
  return {
    schema: SCHEMA,
    environment: readFields(ENVIRONMENT_FIELDS, environment, `${where}environment.`),
    results: results.map((result: unknown, i) => {
      if (!isObject(result)) {
        throw new LabError('input', `${where}results[${i}] is ${shown(result)}. It must be an object.`);
      }
      return readResult(result, `${where}results[${i}].`);
    }),
  };
}

const MAY_BE_LEFT_OUT: ReadonlySet<string> = new Set(
  keysOf(RESULT_FIELDS).filter((key) => RESULT_FIELDS[key].mayBeLeftOut),
);

/** Lines that follow each other with the same environment are one record. */
function recordsOfCsv(text: string): BenchRecord[] {
  const [header = [], ...rows] = readCsv(text);
  const missing = CSV_COLUMNS.find((column) => !header.includes(column) && !MAY_BE_LEFT_OUT.has(column));
  if (missing !== undefined) throw new LabError('input', `The column ${missing} is missing.`);
  const twice = CSV_COLUMNS.find((column) => header.indexOf(column) !== header.lastIndexOf(column));
  if (twice !== undefined) throw new LabError('input', `The column ${twice} is there twice.`);
  const records: { schema: typeof SCHEMA; environment: BenchEnvironment; results: BenchResult[] }[] = [];
  let last = '';
  for (const [i, row] of rows.entries()) {
    if (row.join() === header.join()) continue; // of a file behind
    const where = `row ${i + 2}: `;
    if (row.length !== header.length) {
      throw new LabError('input', `${where}there are ${row.length} cells, and ${header.length} columns.`);
    }
    const cells = new Map(header.map((column, at) => [column, row[at] ?? '']));
    const environment = readFields(ENVIRONMENT_FIELDS, jsonOf(ENVIRONMENT_FIELDS, cells), where);
    const result = readResult(jsonOf(RESULT_FIELDS, cells), where);
    const same = JSON.stringify(environment);
    if (same !== last) records.push({ schema: SCHEMA, environment, results: [] });
    records.at(-1)?.results.push(result);
    last = same;
  }
  return records;
}

function jsonOf<T>(
  fields: Parameters<typeof readFields<T>>[0],
  cells: ReadonlyMap<string, string>,
): Record<string, unknown> {
  return Object.fromEntries(keysOf(fields).map((key) => [key, fields[key].fromCell(cells.get(key) ?? '')]));
}
