/** Runs of other machines that come with the page, in public/runs: to be drawn before this one has run, and laid over. */

import { LabError } from '../../base/errors.ts';
import type { BenchResult } from '../../bench/record.ts';
import type { ReadRuns } from './readRuns.ts';
import { knowSpread } from './trust.ts';

export interface ShippedRun {
  readonly file: string;
  readonly name: string;
  /** On what, and when. */
  readonly machine: string;
}

export const SHIPPED: readonly [ShippedRun, ...ShippedRun[]] = [
  {
    file: 'two-cores.json',
    name: 'Two cores, no GPU',
    machine: 'this page in Chromium on 2 cores of a server, its GPU played by software, 29 November 2026',
  },
  {
    file: 'two-cores-gloo.json',
    name: 'PyTorch on two cores',
    machine: 'PyTorch 1.13 with gloo on the same machine, 23 November 2026',
  },
  {
    file: 'two-cores-libraries.json',
    name: 'Libraries on two cores',
    machine:
      'this page, ONNX Runtime, TensorFlow.js, jax-js and PyTorch by turns on the same machine, 29 November 2026',
  },
  {
    file: 'h200-host-gloo.json',
    name: 'gloo on 16 cores',
    machine: 'PyTorch 2.11 with gloo, 2 and 4 ranks on the host of an H200, 27 November 2026',
  },
  {
    file: 'h200-nccl.json',
    name: 'One H200',
    machine: 'PyTorch 2.11 with NCCL, one rank on an NVIDIA H200, 27 November 2026',
  },
];

/** @throws LabError `device` where it cannot be had */
export async function fetchShipped({ file, name }: ShippedRun): Promise<Blob> {
  const response = await fetch(new URL(`runs/${file}`, document.baseURI)).catch(() => null);
  if (response?.ok !== true)
    throw new LabError(
      'device',
      `${name} comes with the page, and could not be fetched. Is there a network?`,
    );
  return response.blob();
}

/** Its results; null where it cannot be read. */
export function resultsOf(source: Blob, read: ReadRuns): Promise<readonly BenchResult[] | null> {
  return new Promise((resolve) => {
    const results: BenchResult[] = [];
    read(source, (reading) => {
      if (reading.kind === 'results') {
        results.push(...reading.results);
        for (const [i, result] of reading.results.entries())
          knowSpread(result, reading.spreads[i] ?? Number.NaN);
      }
      if (reading.kind === 'end') resolve(results);
      if (reading.kind === 'problem') resolve(null);
    });
  });
}
