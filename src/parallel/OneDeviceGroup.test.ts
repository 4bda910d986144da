import { describe, expect, it } from 'vitest';
import { Recorder } from '../base/trace.ts';
import { createCpuDevice } from '../device/cpu/device.ts';
import type { Device, Tensor } from '../device/device.ts';
import { counted } from '../device/testing/counted.ts';
import { fillBlock } from '../numerics/matrix.ts';
import { uniform } from '../numerics/random.ts';
import { lengthOf, shardRange } from '../numerics/ranges.ts';
import type { BlockConfig } from '../program/configs.ts';
import type { ParallelContext } from './context.ts';
import { ParallelLMHead, TransformerBlock } from './layers.ts';
import { OneDeviceGroup, type OneDeviceMember } from './OneDeviceGroup.ts';
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
  const { members } = new OneDeviceGroup(device, worldSize);
  return Promise.all(members.map(({ context }) => work(context, device)));
}

const matrix = (device: Device, rows: number, cols: number, value: (i: number) => number): Tensor =>
  device.tensor(
    Float32Array.from({ length: rows * cols }, (_, i) => value(i)),
    [rows, cols],
  );

describe.each([1, 2, 3, 5])('%i ranks on one device', (worldSize) => {
  it('sum, and leave each the same', async () => {
    const results = await onRanks(worldSize, async (context, device) => {
      const y = matrix(device, 2, 3, (i) => i + context.rank);
      await context.collectives.allReduce(y);
      return device.read(y);
    });
    const ranks = (worldSize * (worldSize - 1)) / 2;
    const expected = Float32Array.from({ length: 6 }, (_, i) => worldSize * i + ranks);
    for (const result of results) expect(result).toEqual(expected);
  });

  it('gather uneven columns and rows', async () => {
    await onRanks(worldSize, async (context, device) => {
      const { rank } = context;
      const widths = Array.from({ length: worldSize }, (_, r) => r); // the first has none
      const wide = await context.collectives.allGatherColumns(
        matrix(device, 2, rank, () => rank),
        widths,
      );
      const total = widths.reduce((sum, width) => sum + width, 0);
      const row = widths.flatMap((width, r) => Array.from({ length: width }, () => r));
      expect(wide.shape).toEqual([2, total]);
      expect(await device.read(wide)).toEqual(Float32Array.from([...row, ...row]));
      const tall = await context.collectives.allGatherRows(
        matrix(device, rank, 2, () => rank),
        widths,
      );
      expect(tall.shape).toEqual([total, 2]);
      expect(await device.read(tall)).toEqual(Float32Array.from(row.flatMap((r) => [r, r])));
    });
  });

  it('sum and scatter rows', async () => {
    await onRanks(worldSize, async (context, device) => {
      const { rank } = context;
      const own = shardRange(7, worldSize, rank);
      const rows = Array.from({ length: worldSize }, (_, r) => lengthOf(shardRange(7, worldSize, r)));
      const part = await context.collectives.reduceScatterRows(
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
      const { rank } = context;
      const block = new TransformerBlock(context, config, tokens);
      await block.load(weights);
      const own = sequenceParallel ? shardRange(tokens, context.worldSize, rank) : { start: 0, end: tokens };
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
    if (context.rank === 0) await context.collectives.allReduce(y);
    else await context.collectives.allGatherRows(y, [2, 2]);
  });
  await expect(both).rejects.toMatchObject({
    code: 'mismatch',
    message: /Rank 0 called all_reduce.*rank 1 all_gather/,
  });
});

it('refuses what it has not', async () => {
  const max = onRanks(2, async (context, device) =>
    context.collectives.allReduce(
      matrix(device, 1, 1, () => 1),
      { op: 'max' },
    ),
  );
  await expect(max).rejects.toThrow('Ranks on one device sum; they have no max.');
});

it.each([
  ['too few', [4], /rows \[4\]; it needs 2 counts that add up to 4\.$/],
  ['too many', [2, 2, 0], /it needs 2 counts/],
  ['fewer than there are', [1, 2], /\[4, 2\] and rows \[1, 2\]/],
  ['more than there are', [3, 2], /add up to 4/],
  ['negative', [5, -1], /add up to 4/],
  ['no whole numbers', [1.5, 2.5], /add up to 4/],
])('refuses to scatter rows that are %s', async (_, rows, message) => {
  const scattered = onRanks(2, async ({ collectives }, device) =>
    collectives.reduceScatterRows(
      matrix(device, 4, 2, () => 1),
      rows,
    ),
  );
  await expect(scattered).rejects.toMatchObject({ code: 'input', message });
});

it('refuses to gather shards that are not as large as they are said to be', async () => {
  const shard = (device: Device): Tensor => matrix(device, 2, 2, () => 1);
  const tall = onRanks(2, ({ collectives }, device) => collectives.allGatherRows(shard(device), [2, 3]));
  await expect(tall).rejects.toMatchObject({ code: 'input', message: /rows got \[2, 3\].*have \[2, 2\]/ });
  const wide = onRanks(2, ({ collectives }, device) => collectives.allGatherColumns(shard(device), [2]));
  await expect(wide).rejects.toMatchObject({ code: 'input', message: /columns got \[2\].*have \[2, 2\]/ });
});

it('shows each rank what it brings to a sum', async () => {
  const seen = await onRanks(2, async ({ collectives, rank }, device) => {
    const partials: number[][] = [];
    const inspect = (partial: Float32Array): void => void partials.push([...partial]);
    await collectives.allReduce(
      matrix(device, 1, 2, () => 1 + rank),
      { inspect },
    );
    return partials;
  });
  expect(seen).toEqual([[[1, 1]], [[2, 2]]]);
});

const halves = [
  { start: 0, end: 2 },
  { start: 2, end: 4 },
];
const calls: Record<string, (member: OneDeviceMember, x: Tensor) => Promise<unknown>> = {
  allReduce: (member, x) => member.allReduce(x),
  broadcast: (member, x) => member.broadcast(x, 1),
  allGatherColumns: (member, x) => member.allGatherColumns(x, [4, 4]),
  'allGatherColumns, finished': (member, x) => member.allGatherColumns(x, [4, 4], (y) => y.fill(0)),
  allGatherRows: (member, x) => member.allGatherRows(x, [4, 4]),
  reduceScatterRows: (member, x) => member.reduceScatterRows(x, [1, 3]),
  reduceScatterColumns: (member, x) => member.reduceScatterColumns(x, halves),
  allToAllColumns: (member, x) => member.allToAllColumns(x, halves),
};

describe.each(Object.entries(calls))('%s', (_, call) => {
  it('leaves nothing behind but its results, and where an operation throws nothing', async () => {
    let throws = true;
    for (let operations = 0; throws; operations++) {
      const alive = new Set<Tensor>();
      let left = operations;
      const device = counted(createCpuDevice({ recorder: new Recorder(0) }), alive, () => {
        if (left-- === 0) throw new Error('broken');
      });
      const given = new Map<OneDeviceMember, Tensor>();
      for (const member of new OneDeviceGroup(device, 2).members)
        given.set(
          member,
          matrix(device, 4, 4, () => 1),
        );
      const results = await Promise.allSettled([...given].map(([member, x]) => call(member, x)));
      throws = left < 0;
      const made = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      expect(made).toHaveLength(throws ? 0 : 2);
      const kept = made.filter((result) => result !== undefined);
      expect(alive).toEqual(new Set([...given.values(), ...kept]));
    }
  });
});
