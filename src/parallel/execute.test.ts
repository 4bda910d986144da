/** The programs of layers, run on several ranks: what one rank makes of the whole, and nothing left behind. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Recorder } from '../base/trace.ts';
import { Communicator } from '../comm/communicator.ts';
import { createCpuDevice } from '../device/cpu/device.ts';
import type { Tensor } from '../device/device.ts';
import { counted } from '../device/testing/counted.ts';
import { allocateGroup } from '../group/memory.ts';
import { lengthOf, type Range, shardRange } from '../numerics/ranges.ts';
import { hasCache, isSequenceParallel, type LayerSpec } from '../program/layers.ts';
import { passes, specs } from '../program/testing/specs.ts';
import { fanInOf, seededWeights } from '../rank/programs/layer/numbers.ts';
import { SeededLayer } from '../rank/programs/layer/SeededLayer.ts';
import { type ParallelContext, parallelContext } from './context.ts';
import { OneDeviceGroup } from './OneDeviceGroup.ts';
import type { ShardedOutput } from './ShardedOutput.ts';

const SEED = 5;
const worldSizes = fc.integer({ min: 1, max: 5 });

/** Ranks on one device sum, and have no largest. */
const summing = specs.filter(({ layer }) => layer !== 'cross-entropy');

it('makes on several ranks what one rank makes of the whole, from a cache too', async () => {
  await fc.assert(
    fc.asyncProperty(summing, worldSizes, passes, async (spec, worldSize, { tokens, past }) => {
      const all = { start: 0, end: hasCache(spec) ? past + tokens : tokens };
      const earlier = { start: 0, end: all.end - tokens };
      const ranges = [earlier, { start: earlier.end, end: all.end }].filter((range) => lengthOf(range) > 0);
      const { outputs, left } = await onRanks(worldSize, (context) => run(context, spec, ranges));
      expect(left).toBe(0);

      const unsplit = await onRanks(1, (context) => run(context, spec, [all]));
      const [whole = new Float32Array(0)] = unsplit.outputs;
      const width = whole.length / all.end;
      const cut = isSequenceParallel(spec);
      for (const [rank, output] of outputs.entries()) {
        const own = cut ? shardRange(tokens, worldSize, rank) : { start: 0, end: tokens };
        const expected = whole.slice((earlier.end + own.start) * width, (earlier.end + own.end) * width);
        expectClose(output, expected);
        if (!cut) expect(output).toEqual(outputs[0]); // the same bits on every rank
      }
    }),
    { numRuns: 100 },
  );
}, 60_000);

it('makes of one token after another what it makes of all at once', async () => {
  await fc.assert(
    fc.asyncProperty(summing, worldSizes, passes, async (spec, worldSize, { tokens, past }) => {
      const count = Math.min(6, past + tokens);
      const each = Array.from({ length: count }, (_, start) => ({ start, end: start + 1 }));
      const { outputs, left } = await onRanks(worldSize, (context) => run(context, spec, each));
      expect(left).toBe(0);
      const whole = await onRanks(worldSize, (context) => run(context, spec, [{ start: 0, end: count }]));
      for (const [rank, output] of outputs.entries()) {
        const all = whole.outputs[rank] ?? new Float32Array(0);
        if (!isSequenceParallel(spec)) expectClose(output, all.slice(all.length - output.length));
      }
    }),
    { numRuns: 100 },
  );
}, 60_000);

it('frees what a pass made where an operation throws', async () => {
  await fc.assert(
    fc.asyncProperty(summing, passes, fc.nat(40), async (spec, { tokens }, calls) => {
      const alive = new Set<Tensor>();
      let left = Number.POSITIVE_INFINITY;
      const device = counted(createCpuDevice({ recorder: new Recorder(0) }), alive, () => {
        if (left-- === 0) throw new Error('broken');
      });
      const context = parallelContext(new Communicator(allocateGroup(1), { rank: 0 }), device);
      const layer = new SeededLayer(context, spec, SEED, tokens);
      await layer.load(seededWeights(SEED, fanInOf(spec)));
      const prepared = layer.prepare({ start: 0, end: tokens });
      const before = alive.size;
      left = calls;
      try {
        const held: number[] = [];
        for (let pass = 0; pass < 4; pass++) {
          layer.truncate(0);
          device.free(await prepared.run());
          held.push(alive.size);
        }
        expect(held).toEqual([before, held[1], held[1], held[1]]); // once: nothing; often: the same
        prepared.free();
        layer.free();
        expect(alive.size).toBe(0);
      } catch (thrown) {
        if (!(thrown instanceof Error) || thrown.message !== 'broken') throw thrown;
        expect(alive.size).toBe(before);
      }
    }),
    { numRuns: 200 },
  );
});

it('gives the host the same output, and leaves nothing behind', async () => {
  await fc.assert(
    fc.asyncProperty(summing, worldSizes, passes, async (spec, worldSize, { tokens }) => {
      const onDevice = await onRanks(worldSize, (context) => run(context, spec, [{ start: 0, end: tokens }]));
      const onHost = await onRanks(worldSize, async (context) => {
        const layer = new SeededLayer(context, spec, SEED, tokens);
        await layer.load(seededWeights(SEED, fanInOf(spec)));
        const prepared = layer.prepare({ start: 0, end: tokens });
        const sharded = await layer.layer.runToShards(prepared.inputs, tokens);
        const values = await sharded.toHost();
        if (tokens === 1) await expectTop(sharded, values);
        sharded.free();
        prepared.free();
        layer.free();
        return values;
      });
      expect(onHost).toEqual(onDevice);
    }),
    { numRuns: 60 },
  );
});

/** The largest of a row, wherever they are, are those of a sort. */
async function expectTop(sharded: ShardedOutput, values: Float32Array): Promise<void> {
  const order = [...values.keys()].sort((a, b) => (values[b] as number) - (values[a] as number) || a - b);
  for (const k of [1, 3, values.length + 2]) {
    const { indices, values: top, sumExp } = await sharded.top(k);
    const finite = order.filter((at) => Number.isFinite(values[at])); // others are padding
    expect(indices).toEqual(finite.slice(0, k));
    expect(top).toEqual(indices.map((at) => values[at]));
    const [largest] = top;
    if (largest === undefined) continue; // of a sequence of one token a rank may have no row
    const sum = values.reduce((total, value) => total + Math.exp(value - largest), 0);
    expect(Math.abs(sumExp / sum - 1)).toBeLessThan(1e-5);
  }
}

async function onRanks(
  worldSize: number,
  work: (context: ParallelContext) => Promise<Float32Array>,
): Promise<{ outputs: Float32Array[]; left: number }> {
  const alive = new Set<Tensor>();
  const device = counted(createCpuDevice({ recorder: new Recorder(0) }), alive);
  const ranks = new OneDeviceGroup(device, worldSize).members.map(({ context }) => work(context));
  return { outputs: await Promise.all(ranks), left: alive.size };
}

/** The last of these passes, each after the ones before it. */
async function run(
  context: ParallelContext,
  spec: LayerSpec,
  ranges: readonly Range[],
): Promise<Float32Array> {
  const { device } = context;
  const layer = new SeededLayer(context, spec, SEED, ranges.at(-1)?.end ?? 0);
  await layer.load(seededWeights(SEED, fanInOf(spec)));
  let values = new Float32Array(0);
  for (const range of ranges) {
    const prepared = layer.prepare(range);
    const output = await prepared.run();
    values = (await device.read(output)).slice();
    device.free(output);
    prepared.free();
  }
  layer.free();
  return values;
}

function expectClose(actual: Float32Array, expected: Float32Array): void {
  expect(actual.length).toBe(expected.length);
  const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 1);
  const errors = actual.map((value, i) => Math.abs(value - (expected[i] as number)));
  expect(Math.max(0, ...errors)).toBeLessThan(1e-5 * largest);
}
