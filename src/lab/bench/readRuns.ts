/** Reads a file of records piece by piece, for a worker to hand over. */

import { LabError, messageOf } from '../../base/errors.ts';
import { mergeRecords } from '../../bench/mergeRecords.ts';
import { parseMeasured } from '../../bench/parseRecord.ts';
import type { BenchEnvironment, BenchRecord, BenchResult } from '../../bench/record.ts';
import type { ServingResult } from '../../bench/serving/serving.ts';
import { relativeSpread } from '../../numerics/statistics.ts';

/** What a reader tells, in this order: results are of the last run that was told, and `end` or `problem` is the last. */
export type Reading =
  | { readonly kind: 'checking' }
  | { readonly kind: 'found'; readonly results: number }
  | { readonly kind: 'run'; readonly environment: BenchEnvironment }
  | {
      readonly kind: 'results';
      readonly results: readonly BenchResult[];
      /** Of the samples of each: see spreadOf. To sort millions of samples takes a while. */
      readonly spreads: readonly number[];
    }
  /** What is no run: told once, and last but the end. */
  | { readonly kind: 'serving'; readonly serving: readonly ServingResult[] }
  | { readonly kind: 'end' }
  | { readonly kind: 'problem'; readonly message: string };

/** Reads, and tells how it goes; what it returns ends that. */
export type ReadRuns = (source: Blob | string, tell: (reading: Reading) => void) => () => void;

/** Of one file; more could be neither drawn nor looked through. */
const MOST_RESULTS = 10_000;
const MOST_RUNS = 100;
/** Of a result: to take them in must not keep the page's thread. */
const MOST_SAMPLES = 50_000;
/** Of a name, a note, a description of a machine: a row of the table holds it. */
const MOST_CHARACTERS = 2000;
/** Of one adapter. */
const MOST_TEXTS = 50;
/** Numbers handed over at once: the page takes some milliseconds to take them in. */
const AT_ONCE = 10_000;
/** Fields of a result beside its samples. */
const FIELDS = 25;

/** Never throws: what is wrong with the file is told. */
export async function readRuns(source: Blob | string, tell: (reading: Reading) => void): Promise<void> {
  try {
    const text = typeof source === 'string' ? source : await source.text();
    if (text.includes('\0')) throw new LabError('input', 'This is not text, as a benchmark is.');
    tell({ kind: 'checking' });
    const { records, serving } = parseMeasured(text);
    const runs = mergeRecords(records).filter(({ results }) => results.length > 0);
    const problem = serving.length > 0 && runs.length === 0 ? null : problemWith(runs);
    if (problem !== null) throw new LabError('input', problem);
    tell({ kind: 'found', results: countOf(runs) });
    for (const { environment, results } of runs) {
      tell({ kind: 'run', environment });
      for (const some of inParts(results)) {
        const spreads = some.map(({ samplesMs }) => relativeSpread(samplesMs));
        tell({ kind: 'results', results: some, spreads });
      }
    }
    if (serving.length > 0) tell({ kind: 'serving', serving: serving.slice(0, MOST_RUNS) });
    tell({ kind: 'end' });
  } catch (thrown) {
    tell({ kind: 'problem', message: messageOf(thrown) });
  }
}

function problemWith(runs: readonly BenchRecord[]): string | null {
  const results = countOf(runs);
  if (results === 0) return 'The file holds no results.';
  const [what, count, most] =
    results > MOST_RESULTS ? ['results', results, MOST_RESULTS] : ['runs', runs.length, MOST_RUNS];
  if (count <= most) return runs.map(problemWithRun).find((problem) => problem !== null) ?? null;
  const [all, allowed] = [count.toLocaleString('en'), most.toLocaleString('en')];
  return `The file holds ${all} ${what}, and the page shows at most ${allowed} of a file. Take a part of it.`;
}

function problemWithRun({ environment, results }: BenchRecord): string | null {
  const { adapter, ...own } = environment;
  const described = Object.entries(adapter).flat();
  if (described.length > 2 * MOST_TEXTS) {
    return `The adapter has ${(described.length / 2).toLocaleString('en')} texts. It may have ${MOST_TEXTS}.`;
  }
  for (const text of [...described, ...textsOf(own)]) {
    if (text.length > MOST_CHARACTERS) return `A text of the environment ${tooLong(text)}`;
  }
  for (const [i, result] of results.entries()) {
    const { length } = result.samplesMs;
    if (length > MOST_SAMPLES) {
      const [all, allowed] = [length.toLocaleString('en'), MOST_SAMPLES.toLocaleString('en')];
      return `Result ${i + 1} has ${all} samples. It may have ${allowed}.`;
    }
    const long = textsOf(result).find((text) => text.length > MOST_CHARACTERS);
    if (long !== undefined) return `A text of result ${i + 1} ${tooLong(long)}`;
  }
  return null;
}

function textsOf(fields: object): string[] {
  return Object.values(fields).filter((value) => typeof value === 'string');
}

function tooLong({ length }: string): string {
  return `has ${length.toLocaleString('en')} characters. It may have ${MOST_CHARACTERS.toLocaleString('en')}.`;
}

function countOf(runs: readonly BenchRecord[]): number {
  return runs.reduce((sum, { results }) => sum + results.length, 0);
}

function* inParts(results: readonly BenchResult[]): Generator<readonly BenchResult[]> {
  let start = 0;
  let numbers = 0;
  for (const [i, { samplesMs }] of results.entries()) {
    numbers += FIELDS + samplesMs.length;
    if (numbers < AT_ONCE && i < results.length - 1) continue;
    yield results.slice(start, i + 1);
    [start, numbers] = [i + 1, 0];
  }
}
