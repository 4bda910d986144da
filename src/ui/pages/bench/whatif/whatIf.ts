/** What a layer would cost on more ranks: of this machine by what was measured, of a cluster by its datasheets. */

import { type LinkModel, predictLayer, rateAt } from '#bench/costModel.ts';
import type { BenchCase } from '#bench/record.ts';
import { type LayerCase, layerCostOf } from '#lab/bench/layerCost.ts';
import type { PlaceModel } from '#lab/bench/predict.ts';
import { collectiveTime } from '#machines/collectiveTime.ts';
import { type Fabric, type Machine, problemWithMachine } from '#machines/fabrics.ts';
import type { Gpu } from '#machines/gpus.ts';
import { EFFICIENCY } from '#planner/pass.ts';

export const DEGREES: readonly number[] = [1, 2, 4, 8, 16, 32, 64];

export interface Guess {
  readonly ranks: number;
  readonly computeMs: number;
  readonly commMs: number;
}

/**
 * The link of a layer's collectives: that of its own cells, where several ranks ran it, else that of the algorithm which
 * layers choose. Null where the place has no fit of it.
 */
export function linkOfLayer(
  { links }: PlaceModel,
  cells: readonly Pick<BenchCase, 'worldSize' | 'transport'>[],
): LinkModel | null {
  const split = cells.find(({ worldSize }) => worldSize > 1);
  return links.get(split?.transport ?? 'shared-memory-auto') ?? null;
}

/** Ranks as those that were measured. Null where their rate, or for several of them their link, is not known. */
export function guessHere(
  { rate, shared }: PlaceModel,
  link: LinkModel | null,
  one: Omit<LayerCase, 'worldSize'>,
  ranks: number,
): Guess | null {
  const cost = layerCostOf({ ...one, worldSize: ranks });
  if (rate === null || cost === null || (ranks > 1 && link === null)) return null;
  const gflops = rateAt(rate, ranks, shared);
  const { computeMs, commMs } = predictLayer(cost.flops, gflops, link, ranks, cost.collectives);
  return { ranks, computeMs, commMs };
}

/** bfloat16 is half of what a page's float32 takes. */
const BYTES = 0.5;

/** Why so many of these GPUs cannot be joined so, in a sentence; null where they can. */
export function problemThere(gpu: Gpu, fabric: Fabric, ranks: number): string | null {
  return problemWithMachine(nodeOf(gpu, fabric, ranks));
}

/** Every rank has such a GPU of its own, all in a node. Null where the fabric does not join as many. */
export function guessThere(
  one: Omit<LayerCase, 'worldSize'>,
  ranks: number,
  gpu: Gpu,
  fabric: Fabric,
): Guess | null {
  const cost = layerCostOf({ ...one, worldSize: ranks });
  if (cost === null || problemThere(gpu, fabric, ranks) !== null) return null;
  const machine = nodeOf(gpu, fabric, ranks);
  const flopsMs = cost.flops / (gpu.teraflops * EFFICIENCY.flops) / 1e9;
  // A pass reads all weights at least once, which is what a few tokens wait for.
  const readMs = (cost.weightBytes * BYTES) / (gpu.memoryGBs * EFFICIENCY.memory) / 1e6;
  const commUs = cost.collectives.reduce(
    (sum, { kind, bytes }) => sum + collectiveTime(machine, kind, ranks, bytes * BYTES).us,
    0,
  );
  return { ranks, computeMs: Math.max(flopsMs, readMs), commMs: commUs / 1e3 };
}

function nodeOf(gpu: Gpu, fabric: Fabric, ranks: number): Machine {
  return { gpu, fabric, perNode: ranks, nodes: 1, network: null, ports: 1 };
}

/**
 * The Plan page with this link in place of a datasheet's; null of ranks that share a page's memory, which join no GPUs, and
 * of a fit that saw no cost of steps, or none of bytes.
 */
export function planHref(
  { placement }: Pick<PlaceModel, 'placement'>,
  { alphaMs, betaGBs }: Pick<LinkModel, 'alphaMs' | 'betaGBs'>,
): string | null {
  if (placement !== 'process' || !(alphaMs > 0) || !Number.isFinite(betaGBs)) return null;
  const figures = [1000 * alphaMs, betaGBs].map((value) => Number(value.toPrecision(4)));
  return `#/plan?measured=${figures.join()}`;
}
