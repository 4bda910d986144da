/** Whole models, on real ranks in real workers and on both devices, against what PyTorch made of the same weights. */

import { afterEach, expect, it } from 'vitest';
import { readFolder } from '../../src/lab/model/folder.ts';
import type { Generated, GenerateOptions } from '../../src/lab/model/generate.ts';
import { launchModel, ModelSession } from '../../src/lab/model/session.ts';
import { differenceFrom } from '../../src/lab/model/tokenPlan.ts';
import { stepsOf } from '../../src/program/plan.ts';
import type { DeviceChoice, Placement, Spent } from '../../src/protocol.ts';
import { GREEDY } from '../../src/sampling/sampling.ts';
import { expectRouted } from './expectRouted.ts';
import { folderOf, modelNames, type Reference, STORIES } from './goldenModels.ts';

const TOLERANCE = 1e-3;

let session: ModelSession | null = null;
afterEach(async () => {
  await session?.close();
  session = null;
});

async function open(name: string, device: DeviceChoice, worldSize: number, placement: Placement = 'worker') {
  const { source, reference } = await folderOf(name);
  session = await ModelSession.open(await readFolder(source, name), { worldSize, device, placement });
  return { session, reference };
}

async function collect(generated: AsyncGenerator<Generated, void>): Promise<Generated[]> {
  const all: Generated[] = [];
  for await (const one of generated) all.push(one);
  return all;
}

function idsOf(generated: readonly Generated[]): number[] {
  return generated.flatMap((one) => (one.kind === 'token' ? [one.id] : []));
}

function textOf(generated: readonly Generated[]): string {
  return generated.map((one) => (one.kind === 'prefill' ? '' : one.text)).join('');
}

const greedy = (count: number, more: GenerateOptions = {}): GenerateOptions => ({
  ...more,
  count,
  sampling: GREEDY,
});

/** What each rank holds is what was predicted, to the byte: on a GPU the 16-bit weights as the checkpoint stores them. */
function expectHeld(session: ModelSession): void {
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

/** The logits of all ranks: the same bits, and near PyTorch's. */
async function expectLogits(
  session: ModelSession,
  { logits, steps }: Reference,
  step: number,
): Promise<void> {
  const [first = new Float32Array(0), ...others] = await session.logits();
  for (const other of others) expect(other).toEqual(first);
  const row = steps.indexOf(step);
  const expected = logits.subarray(row * first.length, (row + 1) * first.length);
  expect(expected.length).toBe(first.length);
  const worst = first.reduce(
    (most, logit, id) => Math.max(most, Math.abs(logit - (expected[id] as number))),
    0,
  );
  expect(worst, `behind ${step} tokens`).toBeLessThanOrEqual(TOLERANCE);
}

/** The picture of a token says of each collective what carried it. */
async function expectCarried(session: ModelSession, context: readonly number[]): Promise<void> {
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
function expectRead(session: ModelSession, [read]: readonly Generated[]): void {
  if (read?.kind !== 'prefill') throw new Error('nothing was read');
  for (const [rank, planned] of session.contextPlan(read.tokens, 1).entries())
    expect(differenceFrom(planned, read.spent[rank] as Spent), session.folder.model.name).toBeNull();
}

const GROUPS = [
  ...[1, 2, 3, 4, 5, 8].map((worldSize) => ['cpu', worldSize] as const),
  ...[1, 3, 8].map((worldSize) => ['webgpu', worldSize] as const),
];

/** Of the architectures one is enough on many software GPUs: what differs is in a layer, and held against PyTorch there. */
function namesOn(device: 'cpu' | 'webgpu', worldSize: number): string[] {
  return device === 'cpu' || worldSize === 3 ? modelNames : ['stories'];
}

/**
 * Tokens to hold against PyTorch's, behind which it left its logits. Where ranks are more than cores, each token waits for
 * the machine: there the shorter texts have to do, and tests/e2e/model.spec.ts has the embedded model's whole one. What
 * more of a text adds is longer caches: on many software GPUs for one model by its full attention, for one by its window.
 */
function tokensOn(device: 'cpu' | 'webgpu', worldSize: number, name: string): 1 | 17 | 64 {
  if (worldSize <= 2) return 64;
  if (device === 'cpu') return 17;
  return worldSize === 3 && ['stories', 'mistral-window-f32'].includes(name) ? 17 : 1;
}

it.each(GROUPS)(
  'on %s, %i ranks, models say what they say in PyTorch, by the collectives that were predicted',
  { timeout: 120_000 },
  async (device, worldSize) => {
    const { source } = await folderOf('stories');
    const group = await launchModel(await readFolder(source, 'stories'), { worldSize, device });
    expect(group.devices.map(({ kind }) => kind)).toEqual(group.devices.map(() => device));
    for (const name of namesOn(device, worldSize)) {
      const { source, reference } = await folderOf(name);
      const session = await ModelSession.on(group, await readFolder(source, name));
      expectHeld(session);
      const { prompt, tokens, metadata } = reference;
      expectRead(session, await collect(session.generate(prompt, greedy(0, { traced: true }))));
      await expectLogits(session, reference, 0);
      const count = tokensOn(device, worldSize, name);
      const generated = await collect(session.generate(prompt, greedy(count)));
      expect(idsOf(generated), name).toEqual(tokens.slice(0, count));
      await expectLogits(session, reference, count);
      await expectRouted(session, [...prompt, ...tokens.slice(0, count)]);
      if (name !== 'stories') continue;
      expect((metadata['continued'] ?? '').startsWith(textOf(generated))).toBe(true);
      if (worldSize === 3) await expectPredicted(session, prompt);
      if (device === 'cpu' && worldSize > 1) await expectCarried(session, prompt);
    }
    await group.close();
  },
);

it.each([2, 4])(
  'on one WebGPU device, %i ranks write what PyTorch wrote, and nothing goes through the host',
  { timeout: 60_000 },
  async (worldSize) => {
    const { session, reference } = await open('stories', 'webgpu', worldSize, 'one-device');
    expect(session.devices.map(({ kind }) => kind)).toEqual(
      Array.from({ length: worldSize }, () => 'webgpu'),
    );
    const generated = await collect(session.generate(reference.prompt, greedy(17, { traced: true })));
    expect(idsOf(generated)).toEqual(reference.tokens.slice(0, 17));
    await expectLogits(session, reference, 17);
    for (const spent of generated.flatMap((one) => (one.kind === 'token' ? one.spent : []))) {
      expect(spent.computeMs).toBeGreaterThan(0);
      expect(spent.computeMs + spent.readbackMs).toBeLessThanOrEqual(spent.ms + 1);
    }
    for (const [rank, planned] of session.tokenPlan(1).entries()) {
      for (const one of generated)
        if (one.kind === 'token') expect(differenceFrom(planned, one.spent[rank] as Spent)).toBeNull();
    }
    const { differences } = await session.inspect([...reference.prompt, ...reference.tokens.slice(0, 17)]);
    expect(differences).toEqual([]);
  },
);

it('goes on from any of its tokens, in several turns, and runs nothing twice', async () => {
  const { session, reference } = await open('stories', 'cpu', 2);
  const { prompt, tokens } = reference;
  const first = await collect(session.generate(prompt, greedy(10)));
  expect(first[0]).toMatchObject({ kind: 'prefill', tokens: prompt.length });
  // The same and more: all but the last token is in the caches.
  const context = [...prompt, ...tokens.slice(0, 10)];
  const second = await collect(session.generate(context, greedy(7)));
  expect(second[0]).toMatchObject({ kind: 'prefill', tokens: 1 });
  expect(idsOf(second)).toEqual(tokens.slice(10, 17));
  await expectLogits(session, reference, 17);
  // Another token, back in the text; and then the old one again.
  const other = [...prompt, tokens[0] === 5 ? 6 : 5];
  expect((await collect(session.generate(other, greedy(3))))[0]).toMatchObject({ tokens: 1 });
  expect(idsOf(await collect(session.generate(prompt, greedy(17))))).toEqual(tokens.slice(0, 17));
});

it('ends at words, tokens, its room, and when it is told', async () => {
  const { session, reference } = await open('stories', 'cpu', 2);
  const { prompt, metadata } = reference;
  const text = metadata['continued'] ?? '';
  const words = await collect(session.generate(prompt, greedy(64, { stopWords: ['no such', 'friends,'] })));
  expect(textOf(words)).toBe(text.slice(0, text.indexOf('friends,')));
  expect(words.at(-1)).toMatchObject({ kind: 'end', why: 'stop word' });

  const whole = await collect(session.generate(prompt, greedy(1000)));
  expect(['context', 'stop token']).toContain((whole.at(-1) as { why: string }).why);
  expect(prompt.length + idsOf(whole).length).toBeLessThanOrEqual(256);

  const stopping = new AbortController();
  let seen = 0;
  let why = '';
  for await (const one of session.generate(prompt, greedy(200, { signal: stopping.signal }))) {
    if (one.kind === 'token' && ++seen === 2) stopping.abort();
    if (one.kind === 'end') why = one.why;
  }
  expect(why).toBe('stopped');
  expect(seen).toBeLessThan(70);

  expect(() => session.generate([])).toThrow('There is nothing to go on with');
  expect(() => session.generate(Array.from({ length: 256 }, () => 1))).toThrow('The text has 256 tokens');
  await expect(collect(session.generate([1024]))).rejects.toThrow(
    '1024 is no token id: they go from 0 to 1023.',
  );
  expect(idsOf(await collect(session.generate(prompt, greedy(17))))).toEqual(reference.tokens.slice(0, 17));
});

it('draws the same on any number of ranks, by the seed', async () => {
  const drawn: number[][] = [];
  const sampling = { ...GREEDY, temperature: 1, topK: 50, topP: 0.9, repetitionPenalty: 1.1 };
  for (const [worldSize, seeds] of [
    [1, [3]],
    [3, [3, 4]],
  ] as const) {
    const { session, reference } = await open('stories', 'cpu', worldSize);
    for (const seed of seeds) {
      const options = { count: 40, sampling: { ...sampling, seed } };
      drawn.push(idsOf(await collect(session.generate(reference.prompt, options))));
    }
    await session.close();
  }
  expect(drawn[1]).toEqual(drawn[0]);
  expect(drawn[2]).not.toEqual(drawn[0]);
});

/** Each token makes the collectives that were predicted for it, and its time has parts that add up. */
async function expectPredicted(session: ModelSession, prompt: readonly number[]): Promise<void> {
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

it('has each rank fetch its own part over HTTP, and tells how far it is', async () => {
  const folder = await readFolder({ kind: 'url', base: STORIES }, 'stories');
  const told: number[][] = [];
  session = await ModelSession.open(folder, {
    worldSize: 4,
    device: 'cpu',
    onLoading: (ranks) => told.push(ranks.map(({ bytes }) => bytes)),
  });
  const last = told.at(-1) ?? [];
  // Half of float32; of the row splits, the other ranks' columns too.
  for (const [rank, { weightBytes }] of session.costs(1).entries()) {
    expect(last[rank]).toBeGreaterThan(weightBytes / 2 / 1.2);
    expect(last[rank]).toBeLessThan(2_892_928 * 0.55);
  }
  expect(idsOf(await collect(session.generate([0], greedy(3))))).toHaveLength(3);
});

it('refuses what cannot be, and leaves no rank behind', async () => {
  const { source } = await folderOf('stories');
  const folder = await readFolder(source, 'stories');
  const options = { worldSize: 2, device: 'cpu' } as const;
  await expect(ModelSession.open(folder, { ...options, positions: 300 })).rejects.toThrow(
    'The context is 300 tokens long; stories takes a whole number from 1 to 256.',
  );
  const stopping = new AbortController();
  const opening = ModelSession.open(folder, {
    ...options,
    signal: stopping.signal,
    onLoading: () => stopping.abort(),
  });
  await expect(opening).rejects.toMatchObject({ code: 'closed' });
});
