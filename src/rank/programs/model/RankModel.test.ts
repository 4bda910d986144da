/** How a rank loads its part of a model over HTTP: from the server's log, on one CPU device after another. */

import { readFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { Recorder } from '../../../base/trace.ts';
import { readCheckpoint } from '../../../checkpoint/checkpoint.ts';
import { openSource } from '../../../checkpoint/openSource.ts';
import { parseSafetensors } from '../../../checkpoint/safetensors.ts';
import { type FileServer, type Manners, serveFiles } from '../../../checkpoint/testing/serveFiles.ts';
import { createCpuDevice } from '../../../device/cpu/device.ts';
import type { Tensor } from '../../../device/device.ts';
import { counted } from '../../../device/testing/counted.ts';
import { worstDifference } from '../../../device/testing/underTest.ts';
import { parseHfConfig } from '../../../models/hfConfig.ts';
import { OneDeviceGroup } from '../../../parallel/OneDeviceGroup.ts';
import { modelProgram } from '../../../program/model.ts';
import type { ModelConfig } from '../../../program/modelConfig.ts';
import type { ProductWeights } from '../../../program/packing.ts';
import type { ModelLoading } from '../../../protocol.ts';
import { RankModel } from './RankModel.ts';

const FILE = 'model.safetensors';
const positions = 96;

interface Published {
  readonly model: ModelConfig;
  readonly file: Uint8Array<ArrayBuffer>;
}

function read(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../../../../${path}`, import.meta.url)));
}

const STORIES = 'public/models/stories';
const config = new TextDecoder().decode(read(`${STORIES}/config.json`));
const stories: Published = {
  model: parseHfConfig(config, 'stories'),
  file: read(`${STORIES}/${FILE}`),
};

/** A small model of tests/golden, whose config.json lies in its metadata. */
function golden(name: string): Published {
  const file = read(`tests/golden/model-${name}.safetensors`);
  return { model: parseHfConfig(parseSafetensors(file.buffer).metadata['config'] ?? '', name), file };
}

let server: FileServer | null = null;
afterEach(async () => {
  vi.useRealTimers();
  await server?.close();
});

/** Of each rank, and what is still on their device. */
async function ranksOf(
  { model, file }: Published,
  worldSize: number,
  manners: Manners,
  weights: ProductWeights = 'stored',
) {
  server = await serveFiles({ [FILE]: file });
  const checkpoint = await readCheckpoint(openSource({ kind: 'url', base: server.base }));
  await server.close();
  server = await serveFiles({ [FILE]: file }, manners);
  const source = { kind: 'url', base: server.base } as const;
  const alive = new Set<Tensor>();
  const device = counted(createCpuDevice({ recorder: new Recorder(0) }), alive);
  const { members } = new OneDeviceGroup(device, worldSize);
  const task = { model, positions, source, checkpoint, algorithm: 'auto', weights } as const;
  const ranks = members.map(({ context }) => new RankModel(context, task));
  return { ranks, alive, checkpoint, log: server.log };
}

async function loadAll(rank: RankModel): Promise<ModelLoading> {
  for (;;) {
    const loading = await rank.load();
    expect(loading.failure).toBeNull();
    if (loading.done) return loading;
  }
}

it.each([
  ['stories', 1, stories],
  ['stories', 3, stories],
  ['stories', 8, stories],
  ['mixtral-f16', 3, golden('mixtral-f16')],
  ['mixtral-f16', 8, golden('mixtral-f16')],
  ['qwen3-moe-bf16', 5, golden('qwen3-moe-bf16')],
])(
  'fetches of %s on %i ranks what the layers of a rank ask for, and no more',
  async (_, worldSize, published) => {
    const { ranks, alive, log, checkpoint } = await ranksOf(published, worldSize, {});
    const { model } = published;
    let cached = 0;
    for (const [rank, own] of ranks.entries()) {
      const before = log.length;
      const { bytes, totalBytes, shardBytes, weightBytes, kvBytes } = await loadAll(own);
      const sent = log.slice(before).reduce((sum, one) => sum + one.sent, 0);
      expect([bytes, totalBytes]).toEqual([sent, sent]);
      // Column splits: exactly the shard, two bytes an element. Row splits: whole rows, but for the ends of a strip.
      const { storage } = modelProgram(model, worldSize, { tokens: 1, positions });
      let [exact, rowSplits, shard] = [0, 0, 0];
      for (const stored of storage) {
        for (const { name, rows, cols } of stored.kind === 'weight' ? stored.parts(rank) : []) {
          const width = cols === null ? 1 : cols.end - cols.start;
          shard += 2 * (rows.end - rows.start) * width;
          const [, whole = 1] = checkpoint.get(name)?.shape ?? [];
          if (whole === width) exact += 2 * (rows.end - rows.start) * width;
          else rowSplits += width === 0 ? 0 : 2 * ((rows.end - rows.start - 1) * whole + width);
        }
      }
      expect(sent).toBe(exact + rowSplits);
      expect(shardBytes).toBe(shard);
      cached += kvBytes; // none on a rank without heads
      expect(weightBytes).toBeLessThanOrEqual(2 * sent + 4 * positions * 16);
    }
    expect(cached).toBeGreaterThan(0);
    for (const rank of ranks) rank.free();
    expect(alive.size).toBe(0);
  },
);

it.each([
  ['q8', 0.0053, 0.5],
  ['q4', 0.084, 10],
] as const)(
  'rounds weights of products to %s, to the same blocks on any number of ranks',
  async (weights, rms, most) => {
    const ids = [1, 40, 300, 7];
    const { metadata } = parseSafetensors(read('tests/golden/model-stories.safetensors').buffer);
    const reference = (name: string): number[] => JSON.parse(metadata[name] ?? '');
    const [prompt, tokens] = [reference('prompt'), reference('tokens')];
    const run = async (worldSize: number, how: ProductWeights) => {
      const { ranks, alive } = await ranksOf(stories, worldSize, {}, how);
      let [squares, errorSquares] = [0, 0];
      for (const rank of ranks) {
        const { rounding } = await loadAll(rank);
        squares += rounding.squares;
        errorSquares += rounding.errorSquares;
      }
      await Promise.all(ranks.map((rank) => rank.run(ids)));
      const [logits = new Float32Array()] = await Promise.all(ranks.map((rank) => rank.logits()));
      // Forced to follow what PyTorch wrote by the stored weights.
      for (const rank of ranks) rank.truncate(0);
      const [choices = []] = await Promise.all(
        ranks.map((rank) => rank.firstChoices([...prompt, ...tokens])),
      );
      for (const rank of ranks) rank.free();
      expect(alive.size).toBe(0);
      await server?.close();
      return { logits, squares, errorSquares, choices: choices.slice(prompt.length - 1) };
    };
    const [stored, alone] = [await run(1, 'stored'), await run(1, weights)];
    expect(stored.choices.slice(0, tokens.length)).toEqual(tokens);
    expect(alone.choices).toEqual(reference(`choices.${weights}`)); // PyTorch's, of weights that were rounded alike
    expect([stored.squares, stored.errorSquares]).toEqual([0, 0]);
    expect(Math.sqrt(alone.errorSquares / alone.squares)).toBeCloseTo(rms, 3);
    const off = worstDifference(alone.logits, stored.logits);
    expect(off).toBeGreaterThan(1e-3);
    expect(off).toBeLessThan(most);
    for (const worldSize of [2, 4]) {
      const several = await run(worldSize, weights);
      expect(several.choices).toEqual(alone.choices);
      expect(several.squares).toBeCloseTo(alone.squares, 6);
      expect(several.errorSquares).toBeCloseTo(alone.errorSquares, 6);
      expect(worstDifference(several.logits, alone.logits)).toBeLessThan(1e-3);
    }
  },
);

it.each(['mixtral-f16', 'qwen3-moe-step-f32', 'mistral-window-f32', 'qwen2-bias-f16'])(
  'of %s, has the same bits of a token however often such passes were run',
  async (name) => {
    const { ranks, alive } = await ranksOf(golden(name), 2, {});
    for (const rank of ranks) await loadAll(rank);
    const write = async (): Promise<Float32Array[]> => {
      const written: Float32Array[] = [];
      for (const id of [3, 17, 5, 30, 8, 29]) {
        await Promise.all(ranks.map((rank) => rank.run([id])));
        const [logits = new Float32Array()] = await Promise.all(ranks.map((rank) => rank.logits()));
        written.push(logits);
      }
      for (const rank of ranks) rank.truncate(0);
      return written;
    };
    const first = await write(); // the first pass keeps nothing, and the third is prepared
    expect(await write()).toEqual(first);
    for (const rank of ranks) rank.free();
    expect(alive.size).toBe(0);
  },
);

it('refuses to load what would cut a block', async () => {
  const { ranks } = await ranksOf(stories, 8, {}, 'q8');
  await expect(loadAll(ranks[0] as RankModel)).rejects.toMatchObject({
    code: 'input',
    message: expect.stringContaining('A row of 16 elements would cut a block of 32'),
  });
});

it('stands still where the network breaks, and goes on from there', async () => {
  // The first two weights, and then nothing for as long as it is tried.
  const { ranks, log } = await ranksOf(stories, 1, { dies: { after: 2, answers: 6 } });
  const [rank] = ranks as [RankModel];
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  let first: ModelLoading | null = null;
  const loading = rank.load().then((told) => {
    first = told;
  });
  while (first === null) {
    await vi.advanceTimersByTimeAsync(5000); // the pauses between tries
    await new Promise((resolve) => setImmediate(resolve));
  }
  await loading;
  expect(first).toMatchObject({ done: false, failure: expect.stringContaining('The download broke') });
  vi.useRealTimers();
  const before = log.length;
  const { bytes, totalBytes } = await loadAll(rank);
  expect(bytes).toBe(totalBytes);
  expect(before).toBe(2); // nothing was fetched again
  rank.free();
});
