/** What a rank does for the Split page: its part of the plan, on numbers of its own making, and the proof. */

import type { Device, Tensor } from '../../device/device.ts';
import { scope } from '../../device/scope.ts';
import { type RankContext, serve } from '../../host/serve.ts';
import { fillBlock } from '../../numerics/matrix.ts';
import { check, hashBits } from '../../numerics/oracle.ts';
import { preview } from '../../numerics/preview.ts';
import { lengthOf, shardRange } from '../../numerics/ranges.ts';
import { parallelContext } from '../../parallel/context.ts';
import { ProgramLayer } from '../../parallel/ProgramLayer.ts';
import type { Done, Observer } from '../../parallel/RankPass.ts';
import { type SplitConfig, splitProgram } from '../../program/split.ts';
import { type ProductShard, planSplit, type SplitPlan } from '../../program/splitPlan.ts';
import type { SplitProbe, SplitProgram, SplitRankResult } from '../../protocol.ts';
import { exactOutput, roundings, type SplitInputs, splitInputs } from './splitInputs.ts';
import { type Finished, probeCell } from './splitProbe.ts';

/** Values of each ring step that are kept for the page: all of a small matrix, the first ones of a large. */
const VALUES_PER_STEP = 256;
/** Plans up to this many multiply-adds are run once untimed before the first time: some milliseconds. */
const REHEARSAL_MAX = 2 ** 20;

function createSplitProgram(context: RankContext): SplitProgram {
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
  await warmUp(context, shards);
  // The page shows the ring, whatever the size; `auto` would choose another way for small matrices.
  const layer = new ProgramLayer(parallelContext(comm, device, { algorithm: 'ring' }), () =>
    splitProgram(plan.config),
  );
  const { storage } = layer.program(first.x.rows.end);

  await comm.barrier();
  recorder.take();
  recorder.valuesPerStep = VALUES_PER_STEP;
  const input = device.tensor(x, [lengthOf(first.x.rows), lengthOf(first.x.cols)]);
  for (const { value } of storage) {
    const { weight, bias } = weights[value.id.startsWith('B.') ? 1 : 0] ?? {};
    const data = value.id.endsWith('.bias') ? bias : weight;
    if (data !== undefined) layer.put(value, data);
  }
  await device.sync();
  const watched = new Watched(device);
  const final = await layer.run({ X: input }, first.x.rows.end, watched);
  const recorded = recorder.take();
  recorder.valuesPerStep = 0;

  const outputs: Float32Array[] = [];
  for (const id of plan.products.map(({ partial, names }) => (partial ? 'partial' : names.y))) {
    outputs.push(await watched.values(id));
  }
  const y = (await device.read(final)).slice();
  recorder.restore(recorded);
  watched.free();
  device.free(input, final);
  layer.free();
  return { plan, inputs, shards, x, weights: weights.map(({ weight }) => weight), outputs, y };
}

/** Runs each kernel on one row as long as this rank's shards are wide, so that the clock does not show compilers. */
async function warmUp({ device }: RankContext, shards: readonly ProductShard[]): Promise<void> {
  for (const k of new Set(shards.map((shard) => lengthOf(shard.x.cols)))) {
    await scope(device, (own) => {
      const row = own(device.tensor(new Float32Array(k), [1, k]));
      const bias = own(device.tensor(new Float32Array(1), [1]));
      const y = own(device.linear(row, row, bias)); // [1, 1]
      own(device.add(y, bias));
      return device.sync();
    });
  }
}

/** Waits for each step, so that each has a time of its own, and keeps what the products gave. */
class Watched implements Observer {
  readonly #device: Device;
  readonly #made = new Map<string, Tensor>();
  readonly #freed: Tensor[] = [];
  #partial: Float32Array | null = null;

  constructor(device: Device) {
    this.#device = device;
  }

  begin(): void {}

  async end({ id, result, before }: Done): Promise<void> {
    if (before !== null) this.#partial = before;
    this.#made.set(id, result);
    await this.#device.sync();
  }

  freed(tensor: Tensor): void {
    this.#freed.push(tensor);
  }

  /** What a product gave; of a partial what it was before the sum. Empty where a rank has none of it. */
  async values(id: string): Promise<Float32Array> {
    if (id === 'partial' && this.#partial !== null) return this.#partial;
    const tensor = this.#made.get(id);
    return tensor === undefined ? new Float32Array(0) : (await this.#device.read(tensor)).slice();
  }

  free(): void {
    this.#device.free(...this.#freed);
  }
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

serve(createSplitProgram);
