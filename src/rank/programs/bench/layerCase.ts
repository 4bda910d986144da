/** A case of the layer suite: its sizes are in the case's shape, its numbers come from the seed. */

import { specOfCase } from '../../../bench/cases.ts';
import type { BenchCase, LayerOp } from '../../../bench/record.ts';
import type { Tensor } from '../../../device/device.ts';
import { scope } from '../../../device/scope.ts';
import { bytesOf } from '../../../numerics/dtype.ts';
import { lengthOf, shardRange } from '../../../numerics/ranges.ts';
import { linearFlops } from '../../../operations/costs.ts';
import type { ParallelContext } from '../../../parallel/context.ts';
import { costOf } from '../../../program/plan.ts';
import { planLayer } from '../../../program/planOf.ts';
import { fanInOf, seededWeights } from '../layer/numbers.ts';
import { type RunnableLayer, SeededLayer } from '../layer/SeededLayer.ts';
import { runUnsplit } from '../unsplit.ts';
import { buildLinear } from './linearCase.ts';
import { compareElements, type Measured, paceOf } from './measured.ts';

/** Of the largest element, or of 1: the bound of the tests against PyTorch. */
const TOLERANCE = 1e-5;
/** A block is some thirty operations, of the 1024 that a wait can have timestamps for. */
const MOST_RUNS = 32;

export async function measuredLayer(
  context: ParallelContext,
  one: BenchCase & { op: LayerOp },
  seed: number,
): Promise<Measured> {
  const { device, rank, worldSize } = context;
  const { m = 0, past = 0 } = one.shape;
  const { fanIn, flops, bytes, build } = recipeOf(one, worldSize, rank, seed);
  const layer = build(context);
  await layer.load(seededWeights(seed, fanIn));
  if (past > 0) {
    const before = layer.prepare({ start: 0, end: past });
    device.free(await before.run());
    before.free();
  }
  const prepared = layer.prepare({ start: past, end: past + m });

  const forward = (): Promise<Tensor> => {
    layer.truncate(past);
    return prepared.run();
  };
  return {
    flops,
    pace: paceOf(device.info.kind === 'webgpu', MOST_RUNS, bytes),
    async run() {
      device.free(await forward());
    },
    async check() {
      const values = await scope(device, async (own) => device.read(own(await forward())));
      if (rank !== 0) return { wrong: 0, maxAbsError: 0 }; // every rank has the same bits, which the layers' tests see to
      const { blocks: _, ...shape } = one.shape;
      const whole = recipeOf({ ...one, shape }, 1, 0, seed);
      const exact = await runUnsplit(whole.build, seededWeights(seed, fanIn), { tokens: m, past });
      const largest = exact.reduce((top, value) => Math.max(top, Math.abs(value)), 1);
      return compareElements(values, {
        length: exact.length,
        value: (i) => exact[i] as number,
        tolerance: () => TOLERANCE * largest,
      });
    },
    free() {
      prepared.free();
      layer.free();
    },
  };
}

interface Recipe {
  readonly fanIn: number;
  /** Of one pass on this rank. */
  readonly flops: number;
  /** Of all that it writes. */
  readonly bytes: number;
  readonly build: (context: ParallelContext) => RunnableLayer;
}

function recipeOf(one: BenchCase & { op: LayerOp }, worldSize: number, rank: number, seed: number): Recipe {
  const { op, shape } = one;
  const { m = 0, k = 0, n = 0, past = 0, blocks = 1 } = shape;
  if (op === 'column_linear' || op === 'row_linear') {
    const own = lengthOf(shardRange(op === 'column_linear' ? n : k, worldSize, rank));
    return {
      fanIn: k,
      flops: op === 'column_linear' ? linearFlops(m, k, own) : linearFlops(m, own, n),
      bytes: bytesOf(m * (op === 'column_linear' ? own : n + (blocks > 1 ? own + n : 0)), 'f32'),
      build: (context) => buildLinear(context, op, one, seed),
    };
  }
  const spec = specOfCase(op, shape);
  const { flops, activationBytes } = costOf(planLayer(spec, worldSize, { tokens: m, past }), rank);
  return {
    fanIn: fanInOf(spec),
    flops,
    bytes: activationBytes,
    build: (context) => new SeededLayer(context, spec, seed, past + m),
  };
}
