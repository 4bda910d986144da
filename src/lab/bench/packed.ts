/**
 * What a reader tells, as it goes from its worker to the page: all samples in one array of floats, which is handed over
 * and not copied. Lists of numbers would come as an object a number, and eight million of them kept the page's thread
 * for 300 ms each time that memory was tidied up.
 */

import type { BenchResult } from '../../bench/record.ts';
import type { Reading } from './readRuns.ts';

type Told = Extract<Reading, { readonly kind: 'results' }>;

export type PackedReading =
  | Exclude<Reading, Told>
  | (Omit<Told, 'results'> & {
      readonly results: readonly Omit<BenchResult, 'samplesMs'>[];
      /** Samples of each result. */
      readonly counts: readonly number[];
      /** Of all results, one behind the other. */
      readonly samplesMs: Float64Array<ArrayBuffer>;
    });

export function packed(reading: Reading): PackedReading {
  if (reading.kind !== 'results') return reading;
  const counts = reading.results.map(({ samplesMs }) => samplesMs.length);
  const samplesMs = new Float64Array(counts.reduce((sum, count) => sum + count, 0));
  let start = 0;
  const results = reading.results.map(({ samplesMs: own, ...rest }) => {
    samplesMs.set(own, start);
    start += own.length;
    return rest;
  });
  return { ...reading, results, counts, samplesMs };
}

export function unpacked(told: PackedReading): Reading {
  if (told.kind !== 'results') return told;
  const { kind, spreads, counts, samplesMs } = told;
  let start = 0;
  const results = told.results.map((rest, i): BenchResult => {
    const end = start + (counts[i] ?? 0);
    const own = new Array<number>(end - start); // at its full size: to let it grow takes ten times as long
    for (let at = start; at < end; at++) own[at - start] = samplesMs[at] ?? 0;
    start = end;
    return { ...rest, samplesMs: own };
  });
  return { kind, results, spreads };
}

/** What is handed over with it. */
export function handedOver(told: PackedReading): Transferable[] {
  return told.kind === 'results' ? [told.samplesMs.buffer] : [];
}
