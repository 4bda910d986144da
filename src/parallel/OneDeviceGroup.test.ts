import { describe, expect, it } from 'vitest';
import { Recorder } from '../base/trace.ts';
import { createCpuDevice } from '../device/cpu/device.ts';
import type { Device, Tensor } from '../device/device.ts';
import { fillBlock } from '../math/matrix.ts';
import type { BlockConfig } from '../math/plans/configs.ts';
import { uniform } from '../math/random.ts';
import { lengthOf, shardRange } from '../math/ranges.ts';
import { allGatherColumns, allGatherRows, allReduce, reduceScatterRows } from './collectives.ts';
import type { ParallelContext } from './context.ts';
import { ParallelLMHead, TransformerBlock } from './layers.ts';
import { OneDeviceGroup } from './OneDeviceGroup.ts';

import type { Weights } from './weights.ts';

const weights: Weights = {
  block: async (name, rows, cols) =>
    cols === null
      ? Float32Array.from({ length: lengthOf(rows) }, (_, i) => 1 + uniform(name.length, rows.start + i) / 4)
      : fillBlock({ rows, cols }, (row, col) => uniform(name.length, 997 * row + col) / 4),
};

/** Runs `work` on every rank of a group on one device. */
async function onRanks<T>(
  worldSize: number,
  work: (context: ParallelContext, device: Device) => Promise<T>,
): Promise<T[]> {
  const device = createCpuDevice({ recorder: new Recorder(0) });
  const group = new OneDeviceGroup(device, worldSize);
  const ranks = Array.from({ length: worldSize }, (_, rank) => ({ comm: group.member(rank), device }));
  return Promise.all(ranks.map((context) => work(context, device)));
}

const matrix = (device: Device, rows: number, cols: number, value: (i: number) => number): Tensor =>
  device.tensor(
    Float32Array.from({ length: rows * cols }, (_, i) => value(i)),
    [rows, cols],
  );

describe.each([1, 2, 3, 5])('%i ranks on one device', (worldSize) => {
  it('sum, and leave each the same', async () => {
    const results = await onRanks(worldSize, async (context, device) => {
      const y = matrix(device, 2, 3, (i) => i + context.comm.rank);
      await allReduce(context, y);
      return device.read(y);
    });
    const ranks = (worldSize * (worldSize - 1)) / 2;
    const expected = Float32Array.from({ length: 6 }, (_, i) => worldSize * i + ranks);
    for (const result of results) expect(result).toEqual(expected);
  });

  it('gather uneven columns and rows', async () => {
    await onRanks(worldSize, async (context, device) => {
      const { rank } = context.comm;
      const widths = Array.from({ length: worldSize }, (_, r) => r); // the first has none
      const wide = await allGatherColumns(
        context,
        matrix(device, 2, rank, () => rank),
        widths,
      );
      const total = widths.reduce((sum, width) => sum + width, 0);
      const row = widths.flatMap((width, r) => Array.from({ length: width }, () => r));
      expect(wide.shape).toEqual([2, total]);
      expect(await device.read(wide)).toEqual(Float32Array.from([...row, ...row]));
      const tall = await allGatherRows(
        context,
        matrix(device, rank, 2, () => rank),
        widths,
      );
      expect(tall.shape).toEqual([total, 2]);
      expect(await device.read(tall)).toEqual(Float32Array.from(row.flatMap((r) => [r, r])));
    });
  });

  it('sum and scatter rows', async () => {
    await onRanks(worldSize, async (context, device) => {
      const { rank } = context.comm;
      const own = shardRange(7, worldSize, rank);
      const rows = Array.from({ length: worldSize }, (_, r) => lengthOf(shardRange(7, worldSize, r)));
      const part = await reduceScatterRows(
        context,
        matrix(device, 7, 2, (i) => i),
        rows,
      );
      expect(await device.read(part)).toEqual(
        Float32Array.from({ length: 2 * lengthOf(own) }, (_, i) => worldSize * (2 * own.start + i)),
      );
    });
  });

  it.each([1, 64])('have no logits of ids that pad the vocabulary to a multiple of %i', async (padTo) => {
    const vocab = 50;
    const padded = padTo === 1 ? vocab : Math.ceil(64 / worldSize) * worldSize;
    const results = await onRanks(worldSize, async (context, device) => {
      const head = new ParallelLMHead(context, { vocab, hidden: 8, padTo });
      await head.load(weights);
      const logits = await head.forward(matrix(device, 2, 8, (i) => uniform(3, i)));
      expect(logits.shape).toEqual([2, padded]);
      return device.read(logits);
    });
    for (const logits of results) {
      for (const [i, logit] of logits.entries()) {
        if (i % padded < vocab) expect(Math.abs(logit)).toBeLessThan(10);
        else expect(logit).toBe(Number.NEGATIVE_INFINITY);
      }
    }
  });

  it.each([false, true])('run a block, sequence parallel: %s', async (sequenceParallel) => {
    const config: BlockConfig = {
      attention: {
        kind: 'attention',
        hidden: 24,
        heads: 6,
        kvHeads: 3,
        headDim: 4,
        rope: { theta: 1e4 },
        qkvBias: false,
        qkNorm: false,
        normEpsilon: 1e-6,
      },
      mlp: { kind: 'mlp', hidden: 24, intermediate: 40, activation: 'swiglu', bias: false, merged: false },
      normEpsilon: 1e-6,
      sequenceParallel,
    };
    const tokens = 7;
    const forward = async (context: ParallelContext, device: Device): Promise<Float32Array> => {
      const { rank } = context.comm;
      const block = new TransformerBlock(context, config, tokens);
      await block.load(weights);
      const own = sequenceParallel
        ? shardRange(tokens, context.comm.worldSize, rank)
        : { start: 0, end: tokens };
      const x = matrix(device, lengthOf(own), 24, (i) => uniform(1, 24 * own.start + i));
      return device.read(await block.forward(x, tokens));
    };
    const [whole = new Float32Array()] = await onRanks(1, forward);
    const results = await onRanks(worldSize, forward);
    const joined = sequenceParallel ? Float32Array.from(results.flatMap((y) => [...y])) : results[0];
    expect(joined).toHaveLength(whole.length);
    for (const [i, value] of whole.entries())
      expect(Math.abs((joined?.[i] ?? Number.NaN) - value)).toBeLessThan(1e-5);
    if (!sequenceParallel) for (const y of results) expect(y).toEqual(results[0]);
  });
});

it('says who called what, where ranks part', async () => {
  const both = onRanks(2, async (context, device) => {
    const y = matrix(device, 2, 2, () => 1);
    if (context.comm.rank === 0) await allReduce(context, y);
    else await allGatherRows(context, y, [2, 2]);
  });
  await expect(both).rejects.toMatchObject({
    code: 'mismatch',
    message: /Rank 0 called all_reduce.*rank 1 all_gather/,
  });
});

it('refuses what it has not', async () => {
  const max = onRanks(2, async (context, device) =>
    allReduce(
      context,
      matrix(device, 1, 1, () => 1),
      { op: 'max' },
    ),
  );
  await expect(max).rejects.toThrow('Ranks on one device sum; they have no max.');
});
