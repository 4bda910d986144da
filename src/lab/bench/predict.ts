/** The cost model of a run: what its cells say of links and rates, and what these say of each cell. */

import { groupBy } from '../../base/groupBy.ts';
import {
  fitLink,
  fitRate,
  type LinkModel,
  predictCollective,
  predictLayer,
  type RateModel,
  rateAt,
} from '../../bench/costModel.ts';
import type { BenchCase, BenchResult } from '../../bench/record.ts';
import { workOver } from '../../bench/transport.ts';
import { isCollective } from '../../collectives/kinds.ts';
import { isLayerCase, layerCostOf } from './layerCost.ts';
import { isMeasured, isTrusted } from './trust.ts';

/** Cells of one way to run ranks: the same backend and placement. */
export interface PlaceModel {
  readonly backend: BenchCase['backend'];
  readonly placement: BenchCase['placement'];
  /** By transport, where two sizes of a collective were measured. */
  readonly links: ReadonlyMap<BenchCase['transport'], LinkModel>;
  /** Transports whose collectives tell nothing of a link: on one device there are no steps, and one size is too few. */
  readonly unfit: readonly BenchCase['transport'][];
  /** Of layers; null without any. */
  readonly rate: RateModel | null;
  /** Whether more ranks divide what one machine has. With NCCL each brings a GPU of its own. */
  readonly shared: boolean;
}

export interface Prediction {
  readonly ms: number;
  /** Predicted over measured. */
  readonly ratio: number;
}

/** Of ten thousand results, which the table and the panel below it both ask for, it takes a while. */
const known = new WeakMap<readonly BenchResult[], readonly PlaceModel[]>();

/** @param results a list that never changes */
export function modelsOf(results: readonly BenchResult[]): readonly PlaceModel[] {
  const models = known.get(results) ?? fitAll(results);
  known.set(results, models);
  return models;
}

function fitAll(results: readonly BenchResult[]): PlaceModel[] {
  const places = groupBy(results.filter(isTrusted), ({ backend, placement }) => `${backend} ${placement}`);
  return [...places.values()].flatMap((cells) => {
    const [first] = cells;
    if (first === undefined) return [];
    const { backend, placement } = first;
    const links = new Map<BenchCase['transport'], LinkModel>();
    const unfit: BenchCase['transport'][] = [];
    for (const [transport, own] of groupBy(
      cells.filter((cell) => isCollective(cell.op)),
      (cell) => cell.transport,
    )) {
      const work = workOver(transport);
      const link = work && fitLink(own, work);
      if (link === null) unfit.push(transport);
      else links.set(transport, link);
    }
    // In blocks of rows a layer computes while it communicates, and neither has a time of its own.
    const rate = fitRate(cells.filter(({ shape }) => shape['blocks'] === undefined).filter(isLayerCase));
    return [{ backend, placement, links, unfit, rate, shared: backend !== 'torch-nccl' }];
  });
}

/** Null where the run has nothing to predict it from. */
export function predictionOf(models: readonly PlaceModel[], result: BenchResult): Prediction | null {
  if (!isMeasured(result)) return null;
  const ms = predictedMs(models, result);
  return ms === null ? null : { ms, ratio: ms / result.medianMs };
}

/** Null where the run has nothing to predict it from, or the layer cannot be planned. */
export function predictedMs(models: readonly PlaceModel[], one: BenchCase): number | null {
  const place = models.find(
    ({ backend, placement }) => backend === one.backend && placement === one.placement,
  );
  if (place === undefined) return null;
  const { op, worldSize, bytes, transport } = one;
  const link = place.links.get(transport) ?? null;
  if (isCollective(op)) return link === null ? null : predictCollective(link, op, worldSize, bytes);
  if (!isLayerCase(one) || place.rate === null || (worldSize > 1 && link === null)) return null;
  const cost = layerCostOf(one);
  if (cost === null) return null;
  const gflops = rateAt(place.rate, worldSize, place.shared);
  return predictLayer(cost.flops, gflops, link, worldSize, cost.collectives).totalMs;
}
