/** A record as a file: JSON and CSV, which parseRecord reads back, and as Markdown and text for people. */

import { writeCsv } from './csv.ts';
import { ENVIRONMENT_FIELDS, keysOf, RESULT_FIELDS, type RecordFields } from './fields.ts';
import type { BenchRecord } from './record.ts';

export { toMarkdown, toTable } from './tables.ts';

/** In a fixed order, a result a line, numbers in full. What is no finite number is null. */
export function toJson({ schema, environment, results }: BenchRecord): string {
  const rows = results.map((result) => `\n    ${JSON.stringify(inOrder(RESULT_FIELDS, result))}`);
  return `{
  "schema": ${JSON.stringify(schema)},
  "environment": ${JSON.stringify(inOrder(ENVIRONMENT_FIELDS, environment))},
  "results": [${rows.join(',')}${rows.length > 0 ? '\n  ' : ''}]
}
`;
}

/** A line for the names and one a result, with its environment behind: lines of several machines can be joined. */
export function toCsv({ environment, results }: BenchRecord): string {
  const behind = cellsOf(ENVIRONMENT_FIELDS, environment);
  return writeCsv([CSV_COLUMNS, ...results.map((result) => [...cellsOf(RESULT_FIELDS, result), ...behind])]);
}

export const CSV_COLUMNS: readonly string[] = [...keysOf(RESULT_FIELDS), ...keysOf(ENVIRONMENT_FIELDS)];

function inOrder<T>(fields: RecordFields<T>, values: T): Partial<T> {
  const ordered: Partial<T> = {};
  for (const key of keysOf(fields)) ordered[key] = values[key];
  return ordered;
}

function cellsOf<T>(fields: RecordFields<T>, values: T): string[] {
  return keysOf(fields).map((key) => fields[key].toCell(values[key]));
}
