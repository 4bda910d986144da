/**
 * What cannot be in a result: a shape that its operation does not have, and figures that do not follow from others. Such
 * a file was changed by hand, or damaged. What is only unusual stands: benchmark.py times computing and communication
 * apart, so their sum may exceed the median.
 */

import { bandwidths } from '../collectives/bandwidth.ts';
import { isCollective } from '../collectives/kinds.ts';
import { quantile } from '../numerics/statistics.ts';
import { linearFlops } from '../operations/costs.ts';
import { hasBlocks } from './cases.ts';
import type { BenchCase, BenchOp, BenchResult } from './record.ts';

/** benchmark.py rounds samples to a nanosecond, and not the median. */
const ROUNDED_MS = 1e-6;
/** Of figures that are computed from others, in whichever order. */
const RELATIVE = 1e-6;

const QUANTILES = [
  ['medianMs', 0.5, 'median'],
  ['p10Ms', 0.1, '10th percentile'],
  ['p90Ms', 0.9, '90th percentile'],
] as const;
const DERIVED = ['medianMs', 'p10Ms', 'p90Ms', 'gflops', 'algBwGBs', 'busBwGBs', 'wrong'] as const;

/** The first field that cannot be true beside the others, as a sentence that begins with its name; null without one. */
export function contradictionIn(result: BenchResult): string | null {
  const { samplesMs, ok, wrong } = result;
  if (samplesMs.length === 0) return contradictionInFailed(result);
  if (ok && wrong > 0) return `ok is true, and wrong is ${wrong}. It must be false.`;
  for (const [field, share, name] of QUANTILES) {
    const due = quantile(samplesMs, share);
    if (!(Math.abs(result[field] - due) <= ROUNDED_MS + RELATIVE * due)) {
      return `${field} is ${textOf(result[field])}, and the ${name} of samplesMs is ${textOf(due)}.`;
    }
  }
  return contradictionInRates(result);
}

/** A case that could not be run says so, and has nothing to show. */
function contradictionInFailed(result: BenchResult): string | null {
  if (result.ok) return 'ok is true, and samplesMs is empty. It must be false.';
  const told = DERIVED.find((field) => result[field] > 0);
  return told === undefined
    ? null
    : `${told} is ${textOf(result[told])}, and samplesMs is empty. It must be 0.`;
}

function contradictionInRates(result: BenchResult): string | null {
  const { op, backend, worldSize, shape, bytes, medianMs, gflops, algBwGBs, busBwGBs } = result;
  if (isCollective(op)) {
    if (gflops > 0) return `gflops is ${textOf(gflops)}. Of ${op}, which is a collective, it must be 0.`;
    // They take the mean of all iterations, and round.
    if (backend === 'nccl-tests' || backend === 'rccl-tests') return null;
    const due = bandwidths(op, worldSize, bytes, medianMs);
    if (differs(algBwGBs, due.algBwGBs)) {
      return `algBwGBs is ${textOf(algBwGBs)}, and bytes over medianMs make ${textOf(due.algBwGBs)}.`;
    }
    if (!differs(busBwGBs, due.busBwGBs)) return null;
    return `busBwGBs is ${textOf(busBwGBs)}, and algBwGBs makes ${textOf(due.busBwGBs)} of ${op} on ${worldSize} ranks.`;
  }
  for (const field of ['algBwGBs', 'busBwGBs'] as const) {
    if (result[field] > 0)
      return `${field} is ${textOf(result[field])}. Of ${op}, which is no collective, it must be 0.`;
  }
  if (op !== 'gemm' && op !== 'column_linear' && op !== 'row_linear') return null;
  const { m = 0, k = 0, n = 0 } = shape;
  const due = linearFlops(m, k, n) / medianMs / 1e6;
  if (!differs(gflops, due)) return null;
  return `gflops is ${textOf(gflops)}, and 2·m·k·n over medianMs make ${textOf(due)}.`;
}

/** What is no number says nothing, as over a time of 0. */
function differs(told: number, due: number): boolean {
  return Math.abs(told - due) > RELATIVE * Math.max(told, due);
}

/** As files have it: null is no number. */
function textOf(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(12))) : 'null';
}

/** Of rows, in which a layer is multiplied and summed. */
export const MAX_BLOCKS = 64;

const PRODUCT = ['m', 'k', 'n'];
const ATTENTION = ['m', 'past', 'hidden', 'heads', 'kvHeads', 'headDim'];

/** @see BenchCase.shape */
const SIZES: Readonly<Partial<Record<BenchOp, readonly string[]>>> = {
  gemm: PRODUCT,
  column_linear: PRODUCT,
  row_linear: PRODUCT,
  mlp: ['m', 'hidden', 'intermediate'],
  attention: ATTENTION,
  block: [...ATTENTION, 'intermediate'],
  embedding: ['m', 'vocab', 'hidden'],
  prefill: ['m', 'past'],
  decode: ['m', 'past'],
};

/** What the shape lacks, as the end of a sentence; null where it is one that the operation can have. */
export function problemWithShape({ op, shape }: Pick<BenchCase, 'op' | 'shape'>): string | null {
  const sizes = SIZES[op] ?? [];
  const bad = sizes.find((name) => !((shape[name] ?? -1) >= (name === 'past' ? 0 : 1)));
  if (bad !== undefined) {
    return `${bad} is ${shape[bad] ?? 'missing'}. Of ${op} it must have ${sizes.join(', ')}, each from 1 on${sizes.includes('past') ? ', past from 0 on' : ''}.`;
  }
  const { heads = 0, kvHeads = 1, m = 0, blocks } = shape;
  if (hasBlocks(op) && blocks !== undefined && !(blocks >= 2 && blocks <= Math.min(m, MAX_BLOCKS)))
    return `blocks is ${blocks}. It must be from 2 to ${MAX_BLOCKS}, and at most m, which is ${m}, or left out.`;
  if (!sizes.includes('heads') || heads % kvHeads === 0) return null;
  return `heads is ${heads} and kvHeads ${kvHeads}. Key/value heads must divide the heads.`;
}
