/** What a rank does for the Split page: its part of the plan, on numbers of its own making, and the proof. */

import type { Tensor } from '../../device/device.ts';
import { fillBlock } from '../../math/matrix.ts';
import { check, hashBits } from '../../math/oracle.ts';
import { preview } from '../../math/preview.ts';
import { lengthOf, shardRange } from '../../math/ranges.ts';
import { type ProductShard, planSplit, type SplitConfig, type SplitPlan } from '../../math/splitPlan.ts';
import type { SplitProbe, SplitProgram, SplitRankResult } from '../../protocol.ts';
import type { RankContext } from '../serve.ts';
import { exactOutput, roundings } from './splitExact.ts';
import { type SplitInputs, splitInputs } from './splitInputs.ts';
import { createLayers } from './splitLayers.ts';
import { type Finished, probeCell } from './splitProbe.ts';

/** Values of each ring step that are kept for the page: all of a small matrix, the first ones of a large. */
const VALUES_PER_STEP = 256;
/** Plans up to this many multiply-adds are run once untimed before the first time: some milliseconds. */
const REHEARSAL_MAX = 2 ** 20;

export function createSplitProgram(context: RankContext): SplitProgram {
  let last: Finished | null = null;
  let rehearsed = false;
  return {
    async run(config: SplitConfig, seed: number): Promise<SplitRankResult> {
      last = null;
      const plan = planSplit(config);
      const inputs = splitInputs(
        seed,
        plan.products.map((product) => product.inFeatures),
      );
      // The first run of a worker is slow throughout: its code is not compiled, its memory not yet touched.
      if (!rehearsed && multiplyAdds(plan) <= REHEARSAL_MAX) await compute(context, plan, inputs);
      rehearsed = true;
      const finished = await compute(context, plan, inputs);
      last = finished;
      return summarize(context.rank, finished);
    },

    async probe(row: number, col: number): Promise<SplitProbe> {
      if (last === null) throw new Error('probe() before run()');
      return probeCell(context.rank, last, row, col);
    },
  };
}

function multiplyAdds({ products }: SplitPlan): number {
  return products.reduce(
    (sum, { rows, inFeatures, outFeatures }) => sum + rows * inFeatures * outFeatures,
    0,
  );
}

/** The timed part. Numbers are made before the clock starts and checked after it has stopped. */
async function compute(context: RankContext, plan: SplitPlan, inputs: SplitInputs): Promise<Finished> {
  const { rank, comm, device, recorder } = context;
  const shards = plan.products.map((product) => product.shards[rank] as ProductShard);
  const first = shards[0] as ProductShard;
  const x = fillBlock(first.x, inputs.x);
  const weights = plan.products.map((product, i) => {
    const layer = inputs.layers[i];
    const shard = shards[i];
    if (layer === undefined || shard === undefined) throw new Error('a product has its inputs');
    return {
      weight: fillBlock(shard.w, layer.weight),
      bias: product.bias
        ? fillBlock({ rows: { start: 0, end: 1 }, cols: shard.w.rows }, (_, out) => layer.bias(out))
        : undefined,
    };
  });
  const layers = createLayers(context, plan);
  await layers.warmUp(shards);

  await comm.barrier();
  recorder.take();
  recorder.valuesPerStep = VALUES_PER_STEP;
  const held: Tensor[] = [device.tensor(x, [lengthOf(first.x.rows), lengthOf(first.x.cols)])];
  for (const [i, { weight, bias }] of weights.entries()) layers.load(i, weight, bias);
  await device.sync();
  for (const i of plan.products.keys()) {
    held.push(layers.multiply(i, held[i] as Tensor)); // a shard of columns, or a partial
    await device.sync();
  }
  let partial: Float32Array | null = null;
  const final = await layers.finish(held[held.length - 1] as Tensor, (values) => {
    partial = values.slice();
  });
  await device.sync();
  const recorded = recorder.take();
  recorder.valuesPerStep = 0;

  const outputs: Float32Array[] = [];
  for (const y of held.slice(1)) outputs.push((await device.read(y)).slice());
  if (partial !== null) outputs[outputs.length - 1] = partial;
  const y = (await device.read(final)).slice();
  recorder.restore(recorded);
  device.free(...new Set([...held, final]));
  layers.free();
  return { plan, inputs, shards, x, weights: weights.map(({ weight }) => weight), outputs, y };
}

function summarize(
  rank: number,
  { plan, inputs, shards, x, weights, outputs, y }: Finished,
): SplitRankResult {
  const { output, replicated, config } = plan;
  const yCols = replicated
    ? { start: 0, end: output.cols }
    : (shards[shards.length - 1] as ProductShard).y.cols;
  const width = lengthOf(yCols);
  // Every rank checks its own columns of Y, whether it holds the others or not: together they check all.
  const own = shardRange(output.cols, config.worldSize, rank);
  const checked = fillBlock({ rows: { start: 0, end: output.rows }, cols: own }, (row, col) => {
    return y[row * width + col - yCols.start] ?? Number.NaN;
  });
  return {
    rank,
    products: plan.products.map((product, i) => {
      const shard = shards[i] as ProductShard;
      const size = (block: ProductShard['x']) => ({ rows: lengthOf(block.rows), cols: lengthOf(block.cols) });
      const input = i === 0 ? x : (outputs[i - 1] as Float32Array);
      return {
        x: preview({ ...size(shard.x), data: input }, { rows: product.rows, cols: product.inFeatures }),
        w: preview(
          { ...size(shard.w), data: weights[i] as Float32Array },
          { rows: product.outFeatures, cols: product.inFeatures },
        ),
        y: preview(
          { ...size(shard.y), data: outputs[i] as Float32Array },
          { rows: product.rows, cols: product.outFeatures },
        ),
      };
    }),
    output: preview({ rows: output.rows, cols: width, data: y }, output),
    outputHash: hashBits(y),
    check: check(checked, exactOutput(plan, inputs, { start: 0, end: output.rows }, own), roundings(plan)),
  };
}
