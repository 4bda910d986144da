/** What is to be true of any model on ranks, and the few words in which the tests ask for a text. */

import { expect } from 'vitest';
import type { Generated, GenerateOptions } from '../../src/lab/model/generate.ts';
import type { ModelSession } from '../../src/lab/model/session.ts';
import { differenceFrom } from '../../src/lab/model/tokenPlan.ts';
import { stepsOf } from '../../src/program/plan.ts';
import type { Spent } from '../../src/protocol.ts';
import { GREEDY } from '../../src/sampling/sampling.ts';
import type { Reference } from './goldenModels.ts';

const TOLERANCE = 1e-3;

export async function collect(generated: AsyncGenerator<Generated, void>): Promise<Generated[]> {
  const all: Generated[] = [];
  for await (const one of generated) all.push(one);
  return all;
}

export function idsOf(generated: readonly Generated[]): number[] {
  return generated.flatMap((one) => (one.kind === 'token' ? [one.id] : []));
}

export function textOf(generated: readonly Generated[]): string {
  return generated.map((one) => (one.kind === 'prefill' ? '' : one.text)).join('');
}

export const greedy = (count: number, more: GenerateOptions = {}): GenerateOptions => ({
  ...more,
  count,
  sampling: GREEDY,
});

/** What each rank holds is what was predicted, to the byte: on a GPU the 16-bit weights as the checkpoint stores them. */
export function expectHeld(session: ModelSession): void {
  const { held, positions, worldSize, devices, folder } = session;
  const predicted = session
    .costs(1)
    .map(({ weightBytes, kvBytes }) => ({ weightBytes, kvBytes: positions * kvBytes }));
  expect(held).toMatchObject(predicted);
  if (worldSize > 1 || folder.model.name !== 'stories') return;
  const stored = [...folder.checkpoint.values()].reduce((sum, { start, end }) => sum + end - start, 0);
  const [own] = held;
  expect(Math.round((10 * (own?.weightBytes ?? 0)) / stored)).toBe(devices[0]?.kind === 'cpu' ? 20 : 10);
}

/** The logits of all ranks behind so many tokens. */
export async function expectLogits(
  session: ModelSession,
  { logits }: Reference,
  count: number,
): Promise<void> {
  const ranks = await session.logits();
  const { vocab } = session.folder.model;
  expectNear(ranks, logits.subarray(count * vocab, (count + 1) * vocab), `behind ${count} tokens`);
}

/**
 * Over the first tokens of PyTorch's text, which the ranks are given: all logits behind the prompt and behind each of them,
 * and the likeliest.
 */
export async function expectAllLogits(
  session: ModelSession,
  { prompt, tokens: text, logits }: Reference,
  count: number,
): Promise<void> {
  const tokens = text.slice(0, count);
  const { name, vocab } = session.folder.model;
  const onCpu = session.devices[0]?.kind === 'cpu';
  for (let start = 0, end = 0; end < tokens.length; start = end) {
    end = Math.min(tokens.length, start + (onCpu ? tokens.length : stripBehind(prompt.length + start)));
    const context = [...prompt, ...tokens.slice(0, start)];
    const ranks = await session.logitsBehind(context, tokens.slice(start, end));
    const where = `${name}, tokens ${start} to ${end}`;
    expectNear(ranks, logits.subarray(start * vocab, (end + 1) * vocab), where);
    const [own = new Float32Array()] = ranks;
    const likeliest = tokens.slice(start, end).map((_, at) => {
      const row = own.subarray(at * vocab, (at + 1) * vocab);
      return row.indexOf(Math.max(...row));
    });
    expect(likeliest, where).toEqual(tokens.slice(start, end));
  }
}

/**
 * The longest pass behind so many tokens, with heads of 16, of which the attention is one of few products: for these a
 * software GPU compiles a kernel in 120 ms in place of 700 (device/webgpu/attention.ts), and each rank compiles its own.
 */
function stripBehind(position: number): number {
  const most = 2 ** 14 / (2 * 16);
  return Math.floor((Math.sqrt(position ** 2 + 4 * most) - position) / 2);
}

/** The same bits on all ranks, and near PyTorch's. */
function expectNear(ranks: readonly Float32Array[], expected: Float32Array, where: string): void {
  const [first = new Float32Array(0), ...others] = ranks;
  for (const other of others) expect(isSame(other, first), where).toBe(true);
  expect(first.length).toBe(expected.length);
  const worst = expected.reduce(
    (most, value, at) => Math.max(most, Math.abs(value - (first[at] as number))), // NaN where there is one
    0,
  );
  expect(worst, where).toBeLessThanOrEqual(TOLERANCE);
}

function isSame(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, at) => Object.is(value, b[at]));
}

/** The picture of a token says of each collective what carried it. */
export async function expectCarried(session: ModelSession, context: readonly number[]): Promise<void> {
  const { plan, spans } = await session.inspect(context);
  const planned = stepsOf(plan).flatMap((step) =>
    step.kind === 'collective' ? [`${step.collective} ${step.carrier ?? 'ring'}`] : [],
  );
  for (let rank = 0; rank < session.worldSize; rank++) {
    const made = spans.flatMap((span) =>
      span.kind === 'collective' && span.rank === rank ? [`${span.collective} ${span.algorithm}`] : [],
    );
    expect(made, `rank ${rank}`).toEqual(planned);
  }
}

/** A context makes the collectives that were predicted for so many tokens. */
export function expectRead(session: ModelSession, [read]: readonly Generated[]): void {
  if (read?.kind !== 'prefill') throw new Error('nothing was read');
  for (const [rank, planned] of session.contextPlan(read.tokens, 1).entries())
    expect(differenceFrom(planned, read.spent[rank] as Spent), session.folder.model.name).toBeNull();
}

/** Each token makes the collectives that were predicted for it, and its time has parts that add up. */
export async function expectPredicted(session: ModelSession, prompt: readonly number[]): Promise<void> {
  const plan = session.tokenPlan(3);
  const planned = plan.map((calls) => calls.map(({ kind, bytes }) => ({ kind, bytes })));
  expect(planned[0]).toHaveLength(2 * 6 + 2);
  // From a GPU come the partials of each sum, and of the logits the three largest with their ids and a sum: 28 bytes, where
  // a rank's part of the vocabulary is 1,368.
  const sums = planned[0]?.filter(({ kind }) => kind === 'all_reduce') ?? [];
  const isGpu = session.devices.every(({ kind }) => kind === 'webgpu');
  const readback = isGpu ? sums.reduce((total, { bytes }) => total + bytes, 28) : 0;
  expect(planned[0]?.at(-1)).toEqual({ kind: 'all_gather', bytes: 3 * 28 });
  const generated = await collect(session.generate(prompt, greedy(4, { traced: true, candidates: 3 })));
  let tokens = 0;
  for (const one of generated) {
    if (one.kind !== 'token') continue;
    tokens++;
    expect(one.spent.map(({ collectives }) => collectives)).toEqual(planned);
    expect(one.candidates.map(({ id }) => id)[0]).toBe(one.id);
    expect(one.candidates).toHaveLength(3);
    for (const { readbackBytes } of one.spent) expect(readbackBytes).toBe(readback);
    for (const { ms, computeMs, readbackMs, ringMs, waitMs } of one.spent) {
      expect(Math.min(computeMs, readbackMs, ringMs, waitMs)).toBeGreaterThanOrEqual(0);
      expect(computeMs + readbackMs + ringMs + waitMs).toBeLessThanOrEqual(ms + 1);
    }
  }
  expect(tokens).toBe(4);
}
