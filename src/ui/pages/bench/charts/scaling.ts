/** Speed-up and efficiency of a layer over the number of ranks, and what its time was made of. */

import { isModelOp } from '#bench/cases.ts';
import type { BenchResult } from '#bench/record.ts';
import { isLayerCase } from '#lab/bench/layerCost.ts';
import { isMeasured, isTrusted } from '#lab/bench/trust.ts';
import type { TimeRow } from '#ui/charts/TimeChart.tsx';
import type { NamedSeries } from '#ui/charts/XYChart.tsx';
import { counted } from '#ui/components/words.ts';
import { formatMs } from '#ui/format.ts';
import type { DrawnRun } from '../drawn.ts';
import { byPlace, opLabel, runLabel, shapeLabel, styleOf, workKey } from '../series.ts';

export interface MeasuredLayer {
  readonly key: string;
  readonly label: string;
}

/** Ranks share the work of layers and models: it can be faster on more of them. */
function isScaled({ op }: BenchResult): boolean {
  return isLayerCase({ op }) || isModelOp(op);
}

/** Each layer and shape that was measured, once. */
export function layersIn(results: readonly BenchResult[]): MeasuredLayer[] {
  const layers = results
    .filter((result) => isScaled(result) && isMeasured(result))
    .map((one): [string, BenchResult] => [workKey(one), one]);
  return [...new Map(layers)]
    .toSorted(([, a], [, b]) => opLabel(a.op).localeCompare(opLabel(b.op), 'en') || byShape(a.shape, b.shape))
    .map(([key, one]) => ({
      key,
      // When it is asked for: there may be thousands, of which a list shows some.
      get label() {
        return `${opLabel(one.op)} · ${shapeLabel(one)}`;
      },
    }));
}

/** By the first size, where these are the same by the second, and so on. */
function byShape(a: BenchResult['shape'], b: BenchResult['shape']): number {
  const others = Object.values(b);
  const differences = Object.values(a).map((size, i) => size - (others[i] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}

/** t₁/tₙ of each of the results; null where one rank was not measured. */
export function speedUpsOf(results: readonly BenchResult[]): (result: BenchResult) => number | null {
  const alone = onOneRank(results);
  return (result) => {
    const one = alone(result);
    return one === undefined || !isMeasured(result) ? null : one.medianMs / result.medianMs;
  };
}

/** The same work on one rank. Results are many, so those of one rank are looked up. */
function onOneRank(results: readonly BenchResult[]): (result: BenchResult) => BenchResult | undefined {
  const places = new Map<string, BenchResult>();
  for (const one of results) {
    if (one.worldSize !== 1 || !isMeasured(one)) continue;
    const key = placeKey(one);
    if (!places.has(key)) places.set(key, one);
  }
  return (result) => places.get(placeKey(result));
}

function placeKey(one: BenchResult): string {
  return `${one.backend} ${one.placement} ${workKey(one)}`;
}

/** A layer on several ranks, and the same work on one. */
export interface Gain {
  readonly result: BenchResult;
  readonly one: BenchResult;
  readonly speedUp: number;
}

/** Layers on several ranks, in one piece, that one rank ran as well, and how much faster they are; what gained most comes first. */
export function gainsOf(all: readonly BenchResult[]): Gain[] {
  const results = all.filter(isTrusted);
  const alone = onOneRank(results);
  return results
    .filter((result) => isScaled(result) && result.worldSize > 1 && result.shape['blocks'] === undefined)
    .flatMap((result) => {
      const one = alone(result);
      return one === undefined ? [] : [{ result, one, speedUp: one.medianMs / result.medianMs }];
    })
    .toSorted((a, b) => b.speedUp - a.speedUp);
}

/** What a model is made of comes first. */
const FIXED: readonly BenchResult['op'][] = ['block', 'mlp', 'attention', 'row_linear', 'column_linear'];

/**
 * The one layer that a run is summed up by, by what it is and not by how well it did: the block where it was measured, in
 * the shape that is most work, where one rank is fastest. One gain a number of ranks, the fewest first.
 */
export function fixedCase(results: readonly BenchResult[]): Gain[] {
  const gains = gainsOf(results);
  const place = ({ op }: BenchResult): number => (FIXED.includes(op) ? FIXED.indexOf(op) : FIXED.length);
  const work = ({ gflops, medianMs }: BenchResult): number => Math.round(1000 * gflops * medianMs); // its FLOPs
  const [chosen] = gains
    .map(({ one }) => one)
    .toSorted(
      (a, b) =>
        place(a) - place(b) ||
        work(b) - work(a) ||
        a.medianMs - b.medianMs ||
        workKey(a).localeCompare(workKey(b)),
    );
  return gains
    .filter(({ one }) => one === chosen)
    .toSorted((a, b) => a.result.worldSize - b.result.worldSize);
}

/** The key of the layer that is drawn unless another is chosen: the one that the page's headline speaks of, if there is one. */
export function openingLayer(runs: readonly DrawnRun[]): string | null {
  // The run that is shown comes first, then what was laid over it.
  for (const { results } of runs.toSorted((a, b) => Number(a.overlay) - Number(b.overlay))) {
    const [fixed] = fixedCase(results);
    const [first] = layersIn(results);
    if (fixed !== undefined) return workKey(fixed.result);
    if (first !== undefined) return first.key;
  }
  return null;
}

/** What the charts draw, and the layers that there are to choose from. */
export interface Drawn {
  readonly runs: readonly DrawnRun[];
  readonly layers: readonly MeasuredLayer[];
  /** See openingLayer. */
  readonly opening: string | null;
}

export function drawnOf(runs: readonly DrawnRun[]): Drawn {
  const layers = layersIn(runs.flatMap(({ results }) => results));
  return { runs, layers, opening: openingLayer(runs) };
}

/** The layer that is drawn. @param wanted the key of the one that was chosen, if one was */
export function layerOf({ layers, opening }: Drawn, wanted: string | null): MeasuredLayer | undefined {
  return layers.find(({ key }) => key === wanted) ?? layers.find(({ key }) => key === opening);
}

export type ScalingMode = 'speed-up' | 'efficiency';

export function scalingSeries(runs: readonly DrawnRun[], key: string, mode: ScalingMode): NamedSeries[] {
  return runs.flatMap((run) => {
    const results = run.results.filter((result) => workKey(result) === key && isMeasured(result));
    const speedUpOf = speedUpsOf(results);
    return [...byPlace(results)].flatMap(([label, cells]): NamedSeries[] => {
      const points = cells
        .toSorted((a, b) => a.worldSize - b.worldSize)
        .flatMap((cell) => {
          const speedUp = speedUpOf(cell);
          if (speedUp === null) return [];
          const efficiency = speedUp / cell.worldSize;
          return [
            {
              x: cell.worldSize,
              y: mode === 'speed-up' ? speedUp : efficiency,
              title: `${runLabel(label, run.name)}, ${counted(cell.worldSize, 'rank')}`,
              text: `${speedUp.toFixed(2)} × as fast as one rank, efficiency ${percent(efficiency)}, ${formatMs(cell.medianMs)}${efficiency > 1 ? '; more than linear is noise or cache' : ''}`,
            },
          ];
        });
      const [first] = cells;
      if (first === undefined || points.length === 0) return [];
      const { color, mark } = styleOf(first);
      return [
        {
          id: `${run.id} ${label}`,
          label: runLabel(label, run.name),
          color,
          mark,
          overlay: run.overlay,
          line: true,
          points,
        },
      ];
    });
  });
}

/** A bar for every way and number of ranks; what no span covers is the rest of the median. */
export function timeRows(runs: readonly DrawnRun[], key: string): TimeRow[] {
  return runs.flatMap((run) =>
    [...byPlace(run.results.filter((result) => workKey(result) === key && isMeasured(result)))].flatMap(
      ([label, cells]) =>
        cells
          .toSorted((a, b) => a.worldSize - b.worldSize)
          .map(({ worldSize, medianMs, computeMs, commMs, waitMs }): TimeRow => {
            const rest = Math.max(0, medianMs - computeMs - commMs - waitMs);
            return {
              label: `${runLabel(label, run.name)} · ${worldSize}`,
              ms: { compute: computeMs, ring: commMs, wait: waitMs, rest },
            };
          }),
    ),
  );
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
