/** A step of training: all tokens of some sequences forward and back, and the sum of the copies' gradients. */

import { collectiveTime, hopTime } from '../machines/collectiveTime.ts';
import type { Layout } from './layout.ts';
import { weightBytesOf } from './memory.ts';
import type { StepTime } from './pass.ts';
import type { Question, TimeOf } from './question.ts';

/** The backward pass makes two products for each of the forward's. */
const BACKWARD = 3;
/** Each collective has its conjugate in the backward pass, each transfer its gradient's. */
const CONJUGATE = 2;

/**
 * Stages take one sequence after another: with m of them for each of p stages, a stage waits p − 1 of m + p − 1 times.
 * Gradients are summed when all are through, which engines overlap with the backward pass.
 */
export function trainingStep(question: Question, layout: Layout, timeOf: TimeOf): StepTime {
  const { load, machine, model } = question;
  const { tensor, pipeline, expert, data } = layout;
  const parts = Math.max(1, Math.ceil(load.sequences / data));
  const pass = timeOf({ tensor, expert, sequences: 1, tokens: load.prompt, context: 0 });
  const hopMs = pipeline === 1 ? 0 : hopsMs(question, layout, load.prompt) / (pipeline - 1);
  const turns = parts / pipeline;
  const [readMs, flopsMs, layersMs] = [pass.readMs, pass.flopsMs, pass.layersMs].map(
    (ms) => BACKWARD * ms * turns,
  ) as [number, number, number];
  const gradients = collectiveTime(machine, 'all_reduce', data, weightBytesOf(model, layout), {
    library: 'nccl',
    stride: tensor * pipeline,
  });
  const linkMs = CONJUGATE * (pass.linkMs * turns + parts * hopMs);
  const busyMs = Math.max(readMs, flopsMs) + layersMs + linkMs;
  const gradientMs = gradients.us / 1e3;
  const idleMs = (busyMs * (pipeline - 1)) / parts;
  const totalMs = busyMs + idleMs + gradientMs;
  return {
    readMs,
    flopsMs,
    layersMs,
    linkMs: linkMs + gradientMs,
    totalMs,
    collectives: CONJUGATE * pass.collectives * turns + (data > 1 ? 1 : 0),
    sentBytes: CONJUGATE * pass.sentBytes * turns + gradients.sentBytes,
    idleShare: idleMs / totalMs,
  };
}

/** What so many rows take from stage to stage, through all of them. */
export function hopsMs({ model, machine }: Question, { tensor, pipeline }: Layout, rows: number): number {
  const otherNode = tensor * pipeline > machine.perNode;
  return ((pipeline - 1) * hopTime(machine, 2 * model.hidden * rows, otherNode)) / 1e3;
}
