/** The same layer on one rank, unsplit, on the CPU: what the split result is compared with. */

import type { ParallelContext } from '../../../parallel/context.ts';
import type { LayerCheck, LayerTask } from '../../../protocol.ts';
import { runUnsplit } from '../unsplit.ts';
import { fanInOf, seededWeights } from './numbers.ts';
import { type RunnableLayer, SeededLayer } from './SeededLayer.ts';

/** Of the largest element: the bound that the tests against PyTorch hold too. */
const TOLERANCE = 1e-5;

export async function checkUnsplit(task: LayerTask, output: Float32Array): Promise<LayerCheck> {
  const { spec, pass, seed } = task;
  const build = (context: ParallelContext): RunnableLayer =>
    new SeededLayer(context, spec, seed, pass.past + pass.tokens);
  const expected = await runUnsplit(build, seededWeights(seed, fanInOf(spec)), pass);
  // How far the vocabulary is padded depends on the number of ranks.
  if (spec.layer !== 'head') return compare(output, expected);
  const { vocab } = spec.config;
  const logits = (values: Float32Array): Float32Array => realColumns(values, pass.tokens, vocab);
  return compare(logits(output), logits(expected));
}

/** The logits `[tokens, vocab]` without those of padding; NaN, which is wrong, where one of these is not −∞. */
function realColumns(values: Float32Array, tokens: number, vocab: number): Float32Array {
  const padded = values.length / tokens;
  const real = new Float32Array(tokens * vocab);
  for (let token = 0; token < tokens; token++) {
    const row = values.subarray(token * padded, (token + 1) * padded);
    const isPadding = row.subarray(vocab).every((value) => value === Number.NEGATIVE_INFINITY);
    if (isPadding) real.set(row.subarray(0, vocab), token * vocab);
    else real.fill(Number.NaN, token * vocab, (token + 1) * vocab);
  }
  return real;
}

/** Against what is right. NaN is wrong, and so is a number where an infinity should be. */
export function compare(output: Float32Array, expected: Float32Array): LayerCheck {
  let maxAbsError = 0;
  let largest = 1;
  for (const [i, value] of output.entries()) {
    const wanted = expected[i] ?? Number.NaN;
    if (Number.isFinite(wanted)) largest = Math.max(largest, Math.abs(wanted));
    if (value === wanted) continue; // equal infinities too
    const error = Math.abs(value - wanted);
    if (error > maxAbsError || Number.isNaN(error)) maxAbsError = error;
  }
  const tolerance = TOLERANCE * largest;
  const pass = output.length === expected.length && maxAbsError <= tolerance;
  return { count: output.length, maxAbsError, tolerance, pass };
}
