/** The ranks of the examples free what they make: after each call they hold what they held before it. */

import type { RankContext } from 'ringside/rank';
import { expect, it, vi } from 'vitest';
import { program as allReduce } from '../../examples/all-reduce/all-reduce.rank.ts';
import { program as pair } from '../../examples/column-row/column-row.rank.ts';
import { program as ownLayer } from '../../examples/own-layer/own-layer.rank.ts';
import { Recorder } from '../../src/base/trace.ts';
import { Communicator } from '../../src/comm/communicator.ts';
import { createCpuDevice } from '../../src/device/cpu/device.ts';
import { allocateGroup } from '../../src/group/memory.ts';
import { parallelContext } from '../../src/parallel/context.ts';
import { trackDevice } from '../browser/trackedDevice.ts';

vi.mock('../../src/host/serve.ts', () => ({ serve: () => {} })); // there is no worker here

/** A group of one rank, and how many tensors it holds. */
function alone(): { context: RankContext; live: () => number } {
  const recorder = new Recorder(0);
  const { device, live } = trackDevice(createCpuDevice({ recorder }));
  const comm = new Communicator(allocateGroup(1), { rank: 0, recorder });
  return { context: { ...parallelContext(comm, device), comm, recorder }, live };
}

function ones(...shape: number[]) {
  return { shape, data: new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(1) };
}

it('all_reduce', async () => {
  const { context, live } = alone();
  expect((await allReduce(context).sum()).after).toEqual(Float32Array.of(1, 10, 100, 1000));
  expect(live()).toBe(0);
});

it('a column → row pair', async () => {
  const { context, live } = alone();
  const rank = pair(context);
  rank.load(ones(256, 64).data, ones(64, 256).data);
  const loaded = live();
  expect(await rank.forward(ones(3, 64).data, 3)).toEqual(new Float32Array(3 * 64).fill(64 * 256));
  expect(live()).toBe(loaded);
});

it('a layer of one’s own', async () => {
  const { context, live } = alone();
  const rank = ownLayer(context);
  await rank.load({
    'norm.weight': ones(64),
    'gate.weight': ones(192, 64),
    'up.weight': ones(192, 64),
    'down.weight': ones(64, 192),
  });
  const loaded = live();
  for (const tokens of [1, 5]) {
    expect(await rank.forward(ones(tokens, 64).data, tokens)).toHaveLength(tokens * 64);
    expect(live()).toBe(loaded);
  }
});
