/** What follows from another choice of suites. */

import { OPS, type Suite } from '#bench/axes.ts';
import { type BenchOptions, defaultsOf } from '#bench/options.ts';
import type { BenchOp } from '#bench/record.ts';

/** Operations of these suites, in the order of the record. */
export function opsOf(suites: readonly Suite[]): BenchOp[] {
  return OPS.filter((op) => suites.includes(suiteOf(op)));
}

export function suiteOf(op: BenchOp): Suite {
  if (op === 'gemm') return 'gemm';
  return COLLECTIVE.test(op) ? 'collectives' : 'layers';
}

const COLLECTIVE = /^(all_reduce|reduce_scatter|all_gather|broadcast|all_to_all)$/;

/** Sizes that were not chosen by hand go with the suites; operations that are not theirs are dropped. */
export function withSuites(options: BenchOptions, suites: readonly Suite[]): Partial<BenchOptions> {
  const before = defaultsOf(options.suites).sizes;
  const untouched = before.join() === options.sizes.join();
  const ops = options.ops.filter((op) => suites.includes(suiteOf(op)));
  return { suites, ops, ...(untouched && { sizes: defaultsOf(suites).sizes }) };
}
