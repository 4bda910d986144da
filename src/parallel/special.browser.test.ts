/** NaN and infinities through what is made of several operations: collectives on one device, and cross entropy. */

import { describe, expect, test } from 'vitest';
import { Recorder } from '../base/trace.ts';
import { Communicator } from '../comm/communicator.ts';
import { createCpuDevice } from '../device/cpu/device.ts';
import type { Device, Tensor } from '../device/device.ts';
import { acquireGpu } from '../device/webgpu/adapter.ts';
import { openWebGpuDevice } from '../device/webgpu/create.ts';
import { allocateGroup } from '../group/memory.ts';
import { cutOf } from '../program/cuts.ts';
import { programBuilder } from '../program/ProgramBuilder.ts';
import { lossOfLogits } from '../program/vocabulary.ts';
import type { Collectives } from './collectives.ts';
import { parallelContext } from './context.ts';
import { execute } from './execute.ts';
import { OneDeviceGroup } from './OneDeviceGroup.ts';
import { RankStorage } from './RankStorage.ts';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const recorder = new Recorder(0);

/** The kernels of an adapter of this kind, whatever the one that runs them is. */
async function openGpu(software: boolean): Promise<Device> {
  const { gpu, info } = await acquireGpu('test of special values in layers');
  return openWebGpuDevice(gpu, { ...info, software }, { recorder });
}

const devices = {
  cpu: async () => createCpuDevice({ recorder }),
  'webgpu, as on a software adapter': () => openGpu(true),
  'webgpu, as on a GPU': () => openGpu(false),
};

describe.each(Object.entries(devices))('%s', (_, open) => {
  /** What each of three ranks on one device gets, who bring these rows of two columns. */
  async function onRanks(work: (member: Collectives, own: Tensor) => Promise<Tensor>): Promise<number[][]> {
    const device = await open();
    const { members } = new OneDeviceGroup(device, 3);
    const rows = [
      [1, nan, inf, -inf, inf, 0.5],
      [nan, 1, -inf, -inf, 2, 0.5],
      [1, 1, 1, 1, 1, 0.5],
    ];
    const results = members.map(async (member, rank) => {
      const own = device.tensor(Float32Array.from(rows[rank] ?? []), [3, 2]);
      return [...(await device.read(await work(member, own)))];
    });
    const read = await Promise.all(results);
    device.close();
    return read;
  }

  test('ranks on one device sum a NaN to NaN', async () => {
    const sum = [nan, nan, nan, -inf, inf, 1.5];
    const reduced = await onRanks(async (member, own) => {
      await member.allReduce(own);
      return own;
    });
    expect(reduced).toEqual([sum, sum, sum]);
    expect(await onRanks((member, own) => member.reduceScatterRows(own, [1, 0, 2]))).toEqual([
      [nan, nan],
      [],
      [nan, -inf, inf, 1.5],
    ]);
  });

  test('ranks on one device hand NaN and infinities on', async () => {
    const first = [1, nan, inf, -inf, inf, 0.5];
    const second = [nan, 1, -inf, -inf, 2, 0.5];
    const sent = await onRanks(async (member, own) => {
      await member.broadcast(own, 1);
      return own;
    });
    expect(sent).toEqual([second, second, second]);
    const [gathered] = await onRanks((member, own) => member.allGatherRows(own, [3, 3, 3]));
    expect(gathered).toEqual([...first, ...second, 1, 1, 1, 1, 1, 0.5]);
    const [joined] = await onRanks((member, own) => member.allGatherColumns(own, [2, 2, 2]));
    expect(joined).toEqual([1, nan, nan, 1, 1, 1, inf, -inf, -inf, -inf, 1, 1, inf, 0.5, 2, 0.5, 1, 0.5]);
  });

  test('cross entropy is NaN where PyTorch’s is', async () => {
    const device = await open();
    const context = parallelContext(new Communicator(allocateGroup(1), { rank: 0 }), device);
    const rows = [
      [1, 2, 3, 4, 5, nan, 7, 8],
      [1, 2, 3, 4, 5, 6, 7, 8],
      [1, 2, -inf, 4, 5, 6, 7, 8],
      [1, 2, inf, 4, 5, 6, 7, 8],
      new Array<number>(8).fill(-inf),
      [-inf, 2, 3, 4, 5, 6, 7, 8],
    ];
    const logits = device.tensor(Float32Array.from(rows.flat()), [rows.length, 8]);
    const b = programBuilder(1, rows.length);
    const given = b.input('logits', [rows.length, 8], { dim: 1, by: cutOf('id', [{ start: 0, end: 8 }]) });
    const program = b.finish(
      lossOfLogits(b, given, b.input('targets', [rows.length]), { vocab: 8, hidden: 8 }),
    );
    const { output } = await execute(program, {
      context,
      storage: new RankStorage(device, 0),
      inputs: { logits, targets: rows.map(() => 0) },
      position: 0,
    });
    const loss = await device.read(output);
    // torch.nn.functional.cross_entropy(logits, target, reduction='none')
    const expected = [nan, 7.458339691162109, 7.454070091247559, nan, nan, inf];
    for (const [i, value] of expected.entries()) {
      if (Number.isFinite(value)) expect(loss[i]).toBeCloseTo(value, 5);
      else expect(loss[i]).toBe(value);
    }
    device.close();
  });
});
