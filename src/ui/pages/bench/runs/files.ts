/** Runs as files: that which is shown, and those that somebody hands to the page. */

import { caseKey, casesOf } from '#bench/cases.ts';
import { toCsv, toJson } from '#bench/exportRecord.ts';
import { type BenchRecord, type BenchResult, SCHEMA } from '#bench/record.ts';
import { toMarkdown } from '#bench/tables.ts';
import type { RunHeader } from '#lab/bench/state.ts';
import { problemWithSize } from '#ui/components/files.ts';
import { benchStore } from '../useBench.ts';

export const FORMATS = ['json', 'csv', 'md'] as const;
export type Format = (typeof FORMATS)[number];

const TYPES: Readonly<Record<Format, string>> = {
  json: 'application/json',
  csv: 'text/csv',
  md: 'text/markdown',
};

export interface ExportFile {
  readonly name: string;
  readonly text: string;
  readonly type: string;
}

export function exportFile(header: RunHeader, results: readonly BenchResult[], format: Format): ExportFile {
  const record = recordOf(header, results);
  const date = header.environment.date.slice(0, 10) || header.date.slice(0, 10);
  return { name: `ringside-bench-${date}.${format}`, text: textOf(record, format), type: TYPES[format] };
}

/** In the order of the options, not that in which they were shuffled. */
export function recordOf({ environment, options }: RunHeader, results: readonly BenchResult[]): BenchRecord {
  const order = new Map((options === null ? [] : casesOf(options)).map((one, i) => [caseKey(one), i]));
  const at = (result: BenchResult): number => order.get(caseKey(result)) ?? order.size;
  return { schema: SCHEMA, environment, results: results.toSorted((a, b) => at(a) - at(b)) };
}

function textOf(record: BenchRecord, format: Format): string {
  switch (format) {
    case 'json':
      return toJson(record);
    case 'csv':
      return toCsv(record);
    case 'md':
      return toMarkdown(record);
    default:
      return format satisfies never;
  }
}

/** Larger than any benchmark: a run of 240 cells with 2,000 samples each has 9 MB. */
export const EXPECTED = { kind: 'a benchmark', most: 64 * 2 ** 20 };

/** Reads runs from files that somebody hands to the page: one after another, up to the first that cannot be read, or is stopped. */
export async function takeFiles(files: readonly File[]): Promise<void> {
  const { importFrom, setImportProblem } = benchStore.now();
  for (const file of files) {
    const problem = problemWithSize(file, EXPECTED);
    if (problem !== null) return setImportProblem(problem);
    if (!(await importFrom(file, file.name))) return;
  }
}
