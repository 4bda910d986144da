/** What a layer would cost on more ranks: of this machine by what was measured, of a cluster by its datasheets. */

import { type LayerCase, type LayerCost, layerCostOf } from '../../../../lab/bench/layerCost.ts';
import type { PlaceModel } from '../../../../lab/bench/predict.ts';
import { type LinkModel, predictCollective, predictLayer, rateAt } from '../../../../math/bench/costModel.ts';
import { type Fabric, type Gpu, linkOf } from '../../../../math/bench/hardware.ts';

export const DEGREES: readonly number[] = [1, 2, 4, 8, 16, 32, 64];

export interface Guess {
  readonly ranks: number;
  readonly computeMs: number;
  readonly commMs: number;
}

/** The link that most of the place's cells went over; null where none was fitted. */
export function mainLink({ links }: PlaceModel): LinkModel | null {
  return [...links.values()].toSorted((a, b) => b.count - a.count)[0] ?? null;
}

/** All ranks share this machine. Null where its rate, or for several ranks its link, is not known. */
export function guessHere(place: PlaceModel, one: Omit<LayerCase, 'worldSize'>, ranks: number): Guess | null {
  const link = mainLink(place);
  if (place.rate === null || (ranks > 1 && link === null)) return null;
  const { flops, collectives } = layerCostOf({ ...one, worldSize: ranks });
  const gflops = rateAt(place.rate, ranks, true);
  const { computeMs, commMs } = predictLayer(flops, gflops, link, ranks, collectives);
  return { ranks, computeMs, commMs };
}

/** bfloat16 is half of what a page's float32 takes. */
const BYTES = 0.5;

/** Every rank has such a GPU of its own. Null where the fabric does not fit the GPU. */
export function guessThere(
  one: Omit<LayerCase, 'worldSize'>,
  ranks: number,
  gpu: Gpu,
  fabric: Fabric,
  efficiency: number,
): Guess | null {
  const link = linkOf(gpu, fabric);
  if (link === null) return null;
  const cost: LayerCost = layerCostOf({ ...one, worldSize: ranks });
  const flopsMs = cost.flops / (gpu.teraflops * efficiency) / 1e9;
  // A pass reads all weights at least once, which is what a few tokens wait for.
  const readMs = (cost.weightBytes * BYTES) / (gpu.memoryGBs * efficiency) / 1e6;
  const commMs =
    ranks === 1
      ? 0
      : cost.collectives.reduce(
          (sum, { kind, bytes }) => sum + predictCollective(link, kind, ranks, bytes * BYTES),
          0,
        );
  return { ranks, computeMs: Math.max(flopsMs, readMs), commMs };
}
