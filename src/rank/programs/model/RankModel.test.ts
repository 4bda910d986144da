/** How a rank loads its part of a model over HTTP: from the server's log, on one CPU device after another. */

import { readFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { Recorder } from '../../../base/trace.ts';
import { readCheckpoint } from '../../../checkpoint/checkpoint.ts';
import { openSource } from '../../../checkpoint/openSource.ts';
import { type FileServer, type Manners, serveFiles } from '../../../checkpoint/testing/serveFiles.ts';
import { createCpuDevice } from '../../../device/cpu/device.ts';
import type { Tensor } from '../../../device/device.ts';
import { counted } from '../../../device/testing/counted.ts';
import { parseHfConfig } from '../../../models/hfConfig.ts';
import { OneDeviceGroup } from '../../../parallel/OneDeviceGroup.ts';
import { modelProgram } from '../../../program/model.ts';
import type { ModelLoading } from '../../../protocol.ts';
import { RankModel } from './RankModel.ts';

const read = (name: string): Buffer =>
  readFileSync(new URL(`../../../../public/models/stories/${name}`, import.meta.url));
const FILE = 'model.safetensors';
const model = parseHfConfig(read('config.json').toString(), 'stories');
const positions = 64;

let server: FileServer | null = null;
afterEach(async () => {
  vi.useRealTimers();
  await server?.close();
});

/** Of each rank, and what is still on their device. */
async function ranksOf(worldSize: number, manners: Manners) {
  server = await serveFiles({ [FILE]: new Uint8Array(read(FILE)) });
  const checkpoint = await readCheckpoint(openSource({ kind: 'url', base: server.base }));
  await server.close();
  server = await serveFiles({ [FILE]: new Uint8Array(read(FILE)) }, manners);
  const source = { kind: 'url', base: server.base } as const;
  const alive = new Set<Tensor>();
  const device = counted(createCpuDevice({ recorder: new Recorder(0) }), alive);
  const { members } = new OneDeviceGroup(device, worldSize);
  const ranks = members.map(
    ({ context }) => new RankModel(context, { model, positions, source, checkpoint, algorithm: 'auto' }),
  );
  return { ranks, alive, log: server.log };
}

async function loadAll(rank: RankModel): Promise<ModelLoading> {
  for (;;) {
    const loading = await rank.load();
    expect(loading.failure).toBeNull();
    if (loading.done) return loading;
  }
}

it.each([1, 3, 8])(
  'fetches of %i ranks’ files what the layers of a rank ask for, and no more',
  async (worldSize) => {
    const { ranks, alive, log } = await ranksOf(worldSize, {});
    for (const [rank, own] of ranks.entries()) {
      const before = log.length;
      const { bytes, totalBytes, weightBytes, kvBytes } = await loadAll(own);
      const sent = log.slice(before).reduce((sum, one) => sum + one.sent, 0);
      expect([bytes, totalBytes]).toEqual([sent, sent]);
      // Column splits: exactly the shard, two bytes an element. Row splits: whole rows, but for the ends of a strip.
      const { storage } = modelProgram(model, worldSize, { tokens: 1, positions });
      let [exact, rowSplits] = [0, 0];
      for (const stored of storage) {
        for (const { rows, cols } of stored.kind === 'weight' ? stored.parts(rank) : []) {
          const width = cols === null ? 1 : cols.end - cols.start;
          const whole = stored.value.label === 'Wo' ? 128 : stored.value.label === 'Wdown' ? 384 : width;
          if (whole === width) exact += 2 * (rows.end - rows.start) * width;
          else rowSplits += width === 0 ? 0 : 2 * ((rows.end - rows.start - 1) * whole + width);
        }
      }
      expect(sent).toBe(exact + rowSplits);
      expect(kvBytes).toBeGreaterThan(0);
      expect(weightBytes).toBeLessThanOrEqual(2 * sent + 4 * positions * 16);
    }
    for (const rank of ranks) rank.free();
    expect(alive.size).toBe(0);
  },
);

it('stands still where the network breaks, and goes on from there', async () => {
  // The first two weights, and then nothing for as long as it is tried.
  const { ranks, log } = await ranksOf(1, { dies: { after: 2, answers: 6 } });
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
