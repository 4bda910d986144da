/** A layer on one rank, unsplit, on the CPU: what the result of several is compared with. */

import { Recorder } from '../../base/trace.ts';
import { Communicator } from '../../comm/communicator.ts';
import { createCpuDevice } from '../../device/cpu/device.ts';
import { allocateGroup } from '../../group/memory.ts';
import { type ParallelContext, parallelContext } from '../../parallel/context.ts';
import type { Weights } from '../../parallel/weights.ts';
import type { Pass } from '../../program/configs.ts';
import type { LayerCheck, LayerTask } from '../../protocol.ts';
import { fanInOf, seededWeights } from './layer/numbers.ts';
import { type RunnableLayer, SeededLayer } from './layer/SeededLayer.ts';

/** The output of one pass of a layer that `build` makes anew. */
export async function runUnsplit(
  build: (context: ParallelContext) => RunnableLayer,
  weights: Weights,
  { tokens, past }: Pass,
): Promise<Float32Array> {
  const recorder = new Recorder(0, { trace: 'off' });
  const comm = new Communicator(allocateGroup(1, { arenaBytes: 0 }), { rank: 0, recorder });
  const device = createCpuDevice({ recorder, arena: comm.arena });
  const layer = build(parallelContext(comm, device));
  await layer.load(weights);
  if (past > 0) await layer.prepare({ start: 0, end: past }).run();
  const y = await layer.prepare({ start: past, end: past + tokens }).run();
  const values = await device.read(y);
  device.close();
  return values;
}

/** Of the largest element: the bound that the tests against PyTorch hold too. */
const TOLERANCE = 1e-5;

/** Holds the output of a split layer against that of the same layer, unsplit. */
export async function checkUnsplit(task: LayerTask, output: Float32Array): Promise<LayerCheck> {
  const { spec, pass, seed } = task;
  const build = (context: ParallelContext): RunnableLayer =>
    new SeededLayer(context, spec, seed, pass.past + pass.tokens);
  const expected = await runUnsplit(build, seededWeights(seed, fanInOf(spec)), pass);
  // How far the vocabulary is padded depends on the number of ranks.
  if (spec.layer !== 'head') return compareOutputs(output, expected);
  const { vocab } = spec.config;
  const logits = (values: Float32Array): Float32Array => realColumns(values, pass.tokens, vocab);
  return compareOutputs(logits(output), logits(expected));
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
export function compareOutputs(output: Float32Array, expected: Float32Array): LayerCheck {
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
