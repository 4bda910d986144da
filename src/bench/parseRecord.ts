/**
 * Reads benchmark files: what the page, the command line and benchmark.py write, JSON or CSV, and what nccl-tests write
 * with `-J`. A file may hold several, as an array or one behind the other, as `cat` leaves them.
 */

import { LabError, sentenceOf } from '../base/errors.ts';
import { shown } from '../base/shown.ts';
import { readCsv } from './csv.ts';
import { CSV_COLUMNS } from './exportRecord.ts';
import { isObject } from './fieldKinds.ts';
import { ENVIRONMENT_FIELDS, keysOf, RESULT_FIELDS, readFields, readResult } from './fields.ts';
import { isNcclTests, recordOfNcclTests } from './ncclTests.ts';
import { type BenchEnvironment, type BenchRecord, type BenchResult, SCHEMA } from './record.ts';

/** @throws LabError `input`: one sentence that names what is wrong and where */
export function parseRecord(text: string): BenchRecord[] {
  const plain = text.replace(/^\uFEFF/, '').trimStart(); // spreadsheets begin a file with a byte order mark
  if (plain === '') throw new LabError('input', 'The file is empty.');
  if (/^"?op"?,/.test(plain)) return recordsOfCsv(plain);
  const values = jsonValues(plain).flatMap((value) => (Array.isArray(value) ? value : [value]));
  return values.map((value, i) => recordOf(value, values.length > 1 ? `record ${i + 1}: ` : ''));
}

function recordOf(json: unknown, where: string): BenchRecord {
  if (!isObject(json)) throw new LabError('input', `${where}${shown(json)} is no benchmark record.`);
  if (isNcclTests(json)) return recordOfNcclTests(json, where);
  const { schema, environment, results } = json;
  if (schema === undefined) {
    throw new LabError(
      'input',
      `${where}schema is missing, so this is no benchmark record. Take a file of this page, of npm run bench or ` +
        'benchmark.py, or JSON of nccl-tests (-J).',
    );
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

/** The values of a text that holds one or several of JSON, with nothing but space between. */
function jsonValues(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch (thrown) {
    const parts = balancedParts(text);
    try {
      if (parts.length > 1) return parts.map((part) => JSON.parse(part));
    } catch {
      // What is wrong with the whole is the better answer.
    }
    throw new LabError('input', `The file is neither JSON nor CSV of a benchmark: ${sentenceOf(thrown)}`);
  }
}

/**
 * Cuts behind each bracket that closes the outermost one. By hand, for in a text whose quotes do not close a regular
 * expression would begin anew at each.
 */
function balancedParts(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at);
    if (letter === '"') quoted = !quoted;
    else if (quoted && letter === '\\') at++;
    else if (!quoted && (letter === '{' || letter === '[')) depth++;
    else if (!quoted && (letter === '}' || letter === ']') && --depth <= 0) {
      parts.push(text.slice(start, at + 1));
      start = at + 1;
      depth = 0;
    }
  }
  const rest = text.slice(start);
  return rest.trim() === '' ? parts : [...parts, rest];
}

/** Lines that follow each other with the same environment are one record. */
function recordsOfCsv(text: string): BenchRecord[] {
  const [header = [], ...rows] = readCsv(text);
  const missing = CSV_COLUMNS.find((column) => !header.includes(column));
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
