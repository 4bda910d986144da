/** Whole models, on real ranks in real workers and on both devices, against what PyTorch made of the same weights. */

import { afterEach, expect, it } from 'vitest';
import { dataStartOf, parseSafetensors } from '../../src/checkpoint/safetensors.ts';
import { ALGORITHMS } from '../../src/collectives/algorithm.ts';
import { readFolder } from '../../src/lab/model/folder.ts';
import { agreementOf } from '../../src/lab/model/forced.ts';
import type { ModelRanks } from '../../src/lab/model/ModelRanks.ts';
import { launchModel, ModelSession } from '../../src/lab/model/session.ts';
import { differenceFrom } from '../../src/lab/model/tokenPlan.ts';
import type { DeviceChoice, Placement, Spent } from '../../src/protocol.ts';
import { GREEDY } from '../../src/sampling/sampling.ts';
import {
  collect,
  expectAllLogits,
  expectCarried,
  expectHeld,
  expectLogits,
  expectPredicted,
  expectRead,
  greedy,
  idsOf,
  textOf,
} from './expectModel.ts';
import { expectRouted } from './expectRouted.ts';
import { folderOf, modelNames } from './goldenModels.ts';

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

const DEVICES = ['cpu', 'webgpu'] as const;
const GROUPS = DEVICES.flatMap((device) =>
  [1, 2, 3, 4, 5, 8].map((worldSize) => [device, worldSize] as const),
);

/** Of the architectures one is enough on many software GPUs: what differs is in a layer, and held against PyTorch there. */
function namesOn(device: 'cpu' | 'webgpu', worldSize: number): string[] {
  return device === 'cpu' || worldSize === 3 ? modelNames : ['stories'];
}

/** Tokens to be run in long passes. Many software GPUs share the cores: there some sizes have to do with one such pass. */
function tokensGivenOn(device: 'cpu' | 'webgpu', worldSize: number): 17 | 64 {
  return device === 'cpu' || worldSize === 1 ? 64 : 17;
}

/**
 * Tokens to be written one by one, where each waits for the machine. What more of them add is longer caches: for one
 * model by its full attention, for one by its window. tests/e2e/model.spec.ts has the embedded model's whole text.
 */
function tokensOn(device: 'cpu' | 'webgpu', worldSize: number, name: string): 0 | 1 | 17 {
  if (device === 'webgpu') return worldSize === 1 || worldSize === 3 ? 1 : 0;
  return worldSize <= 2 && ['stories', 'mistral-window-f32'].includes(name) ? 17 : 1;
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
      await expectAllLogits(session, reference, tokensGivenOn(device, worldSize));
      const count = tokensOn(device, worldSize, name);
      if (count === 0) continue;
      const generated = await collect(session.generate(prompt, greedy(count)));
      expect(idsOf(generated), name).toEqual(tokens.slice(0, count));
      await expectLogits(session, reference, count);
      await expectRouted(session, [...prompt, ...tokens.slice(0, count)]);
      if (name !== 'stories') continue;
      expect((metadata['continued'] ?? '').startsWith(textOf(generated))).toBe(true);
      if (worldSize === 3) await expectPredicted(session, prompt);
      if (device === 'cpu' && worldSize > 1) await expectCarried(session, prompt);
    }
    if (worldSize === 1) await expectRounded(group);
    if (worldSize === 3) await expectNoDrawOfNaN(group);
    if (device === 'cpu' && worldSize === 3) await expectAnyAlgorithm(group);
    await group.close();
  },
);

/**
 * Forced to follow the same text, weights in blocks choose what they choose in PyTorch: as those that are stored, but for
 * one token of int4, the 16th. A software GPU takes seconds to compile each kind of blocks.
 */
async function expectRounded(group: ModelRanks): Promise<void> {
  const { source, reference } = await folderOf('stories');
  const { prompt, metadata } = reference;
  const tokens = reference.tokens.slice(0, 17);
  const onCpu = group.devices[0]?.kind === 'cpu';
  for (const [weights, same] of [...(onCpu ? [['q8', 17] as const] : []), ['q4', 16] as const]) {
    const session = await ModelSession.on(group, await readFolder(source, 'stories'), { weights });
    const choices = await session.firstChoices(prompt, tokens);
    expect(agreementOf(choices, tokens), weights).toEqual({ same, of: 17 });
    expect(choices, weights).toEqual(JSON.parse(metadata[`choices.${weights}`] ?? '').slice(0, 17));
  }
}

/** However an all_reduce is made, the words are the same, and it is that algorithm which makes it and reads what it would. */
async function expectAnyAlgorithm(group: ModelRanks): Promise<void> {
  const { source, reference } = await folderOf('stories');
  const { prompt, tokens } = reference;
  const folder = await readFolder(source, 'stories');
  for (const algorithm of ALGORITHMS) {
    const session = await ModelSession.on(group, folder, { algorithm });
    const generated = await collect(session.generate(prompt, greedy(4, { traced: true })));
    expectRead(session, generated);
    expect(idsOf(generated), algorithm).toEqual(tokens.slice(0, 4));
    await expectLogits(session, reference, 4);
    await expectCarried(session, prompt);
    const { spans } = await session.inspect(prompt);
    const used = spans.flatMap((span) =>
      span.kind === 'collective' && span.collective === 'all_reduce' ? [span.algorithm] : [],
    );
    expect([...new Set(used)]).toEqual([algorithm]);
  }
}

/** Row 45 of the head, a NaN in float16: the third rank's, of 59 tokens. What all ranks refuse alike, they survive. */
async function expectNoDrawOfNaN(group: ModelRanks): Promise<void> {
  const { source, reference } = await folderOf('mixtral-f16', (bytes) => {
    const { start } = parseSafetensors(bytes).tensors.get('lm_head.weight') ?? { start: 0 };
    const head = dataStartOf(new Uint8Array(bytes), bytes.byteLength) + start;
    new DataView(bytes).setUint16(head + 2 * (45 * 20 + 7), 0x7e00, true);
  });
  const session = await ModelSession.on(group, await readFolder(source, 'mixtral-f16'));
  const refused = 'The logit of token 45 is NaN, in rank 2’s piece of the vocabulary';
  for (const sampling of [GREEDY, { ...GREEDY, temperature: 1, topK: 8 }, { ...GREEDY, temperature: 1 }]) {
    await expect(collect(session.generate(reference.prompt, { count: 2, sampling }))).rejects.toThrow(
      refused,
    );
  }
}

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
