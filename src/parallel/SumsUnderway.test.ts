import { describe, expect, it } from 'vitest';
import { Recorder } from '../base/trace.ts';
import { createCpuDevice } from '../device/cpu/device.ts';
import type { Tensor } from '../device/device.ts';
import { counted } from '../device/testing/counted.ts';
import { uniform } from '../numerics/random.ts';
import { lengthOf, shardRange } from '../numerics/ranges.ts';
import { evenCut } from '../program/cuts.ts';
import { columnSplit, linear, rowSplit } from '../program/linear.ts';
import { programBuilder } from '../program/ProgramBuilder.ts';
import type { Program } from '../program/program.ts';
import { seededWeights } from '../rank/programs/layer/numbers.ts';
import type { ParallelContext } from './context.ts';
import { OneDeviceGroup } from './OneDeviceGroup.ts';
import { ProgramLayer } from './ProgramLayer.ts';
import { RowParallelLinear } from './RowParallelLinear.ts';

const [M, K, N] = [17, 12, 8];
const weight = random(1, N * K);
const bias = random(2, N);
const x = random(3, M * K);

function random(seed: number, length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => uniform(seed, i));
}

/** What each rank makes, on one device, whose tensors are counted. */
async function onRanks<T>(
  worldSize: number,
  work: (context: ParallelContext) => Promise<T>,
): Promise<{ results: PromiseSettledResult<T>[]; left: number; recorder: Recorder }> {
  const alive = new Set<Tensor>();
  const recorder = new Recorder(0);
  const device = counted(createCpuDevice({ recorder }), alive);
  const { members } = new OneDeviceGroup(device, worldSize, Array(worldSize).fill(recorder));
  const results = await Promise.allSettled(members.map(({ context }) => work(context)));
  return { results, left: alive.size, recorder };
}

/** A row split of x, as `out` says. */
async function row({ device, rank, worldSize }: ParallelContext, layer: RowParallelLinear, out: number) {
  layer.load(weight.slice(0, out * K), bias.slice(0, out));
  const { start, end } = shardRange(K, worldSize, rank);
  const own = Float32Array.from({ length: M * (end - start) }, (_, i) => {
    const width = end - start;
    return x[Math.floor(i / width) * K + start + (i % width)] as number;
  });
  const tensor = device.tensor(own, [M, lengthOf({ start, end })]);
  try {
    const y = await layer.forward(tensor);
    const values = (await device.read(y)).slice();
    device.free(y);
    return values;
  } finally {
    device.free(tensor);
    layer.free();
  }
}

describe.each([1, 2, 3])('a row split in blocks on %i ranks', (worldSize) => {
  // Up to four rows have an order of additions of their own.
  it.each([
    { blocks: 2, as: 1 },
    { blocks: 3, as: 1 },
    { blocks: 17, as: 5 },
    { blocks: 20, as: 5 },
  ])('of which there are $blocks has the bits of one in $as', async ({ blocks, as }) => {
    const made = (count: number) =>
      onRanks(worldSize, (context) =>
        row(context, new RowParallelLinear(context, K, N, { blocks: count }), N),
      );
    const [fewer, cut] = [await made(as), await made(blocks)];
    expect(cut.results.map(({ status }) => status)).toEqual(Array(worldSize).fill('fulfilled'));
    expect(cut.results).toEqual(fewer.results);
    expect(cut.left).toBe(0);
  });
});

it('fails on every rank where ranks sum different things, and leaves nothing behind', async () => {
  const { results, left } = await onRanks(2, (context) => {
    const out = context.rank === 0 ? N : N - 1;
    return row(context, new RowParallelLinear(context, K, out, { blocks: 3 }), out);
  });
  expect(results).toMatchObject([
    { status: 'rejected', reason: { code: 'mismatch' } },
    { status: 'rejected', reason: { code: 'mismatch' } },
  ]);
  expect(left).toBe(0);
});

describe('a sum that the next steps do not read', () => {
  /** Two sums, a gathering between them, and what reads all three. */
  function program(worldSize: number): Program {
    const b = programBuilder(worldSize, M);
    const input = b.input('x', [M, K]);
    b.stage('all');
    const by = evenCut('column', N, worldSize);
    const h = columnSplit(b, 'h', input, { name: 'A', label: 'A', out: N, in: K }, by);
    const first = b.allReduce('s', rowSplit(b, 'p', h, { name: 'B', label: 'B', out: K, in: N }, by));
    const second = b.allReduce('t', rowSplit(b, 'q', h, { name: 'C', label: 'C', out: K, in: N }, by));
    const whole = b.allGather('w', h);
    b.allReduce('unread', rowSplit(b, 'r', h, { name: 'E', label: 'E', out: 3, in: N }, by));
    const third = linear(b, 'd', whole, { name: 'D', label: 'D', out: K, in: N });
    return b.finish(b.add('y', b.add('z', first, second), third));
  }

  const run = (worldSize: number) =>
    onRanks(worldSize, async (context) => {
      const { device } = context;
      const layer = new ProgramLayer(context, () => program(worldSize));
      await layer.load(seededWeights(5, K));
      const tensor = device.tensor(x, [M, K]);
      const y = await layer.run({ x: tensor }, M);
      const values = (await device.read(y)).slice();
      device.free(tensor, y);
      layer.free();
      return values;
    });

  it('is made while they are, in the order of the program, and freed', async () => {
    const [whole, cut] = [await run(1), await run(3)];
    expect([whole.left, cut.left]).toEqual([0, 0]);
    const values = ({ results }: typeof cut): Float32Array[] =>
      results.map((result) => (result.status === 'fulfilled' ? result.value : new Float32Array(0)));
    const [expected = new Float32Array(0)] = values(whole);
    for (const result of values(cut)) {
      expect(result).toEqual(values(cut)[0]);
      expect(result.length).toBe(expected.length);
      for (const [i, value] of result.entries()) expect(value).toBeCloseTo(expected[i] as number, 5);
    }

    const { spans } = cut.recorder.take();
    const ends = spans.map(({ kind }) => kind).filter((kind) => kind === 'collective');
    expect(ends).toHaveLength(3 * 4);
    // A rank has made its h and both partials by when its first sum is there.
    const before = spans.slice(
      0,
      spans.findIndex(({ kind }) => kind === 'collective'),
    );
    expect(before.filter((span) => span.kind === 'op' && span.op === 'linear')).toHaveLength(3 * 3);
  });
});
