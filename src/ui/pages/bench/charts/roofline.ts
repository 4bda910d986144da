/** Products against their roof: rate over arithmetic intensity, both logarithmic (Williams, Waterman, Patterson 2009). */

import { elementBytes } from '#bench/elementTypes.ts';
import type { BenchResult } from '#bench/record.ts';
import { isMeasured } from '#lab/bench/trust.ts';
import type { Gpu } from '#machines/gpus.ts';
import { bytesOf } from '#numerics/dtype.ts';
import type { NamedSeries, XYReference } from '#ui/charts/XYChart.tsx';
import { formatMs } from '#ui/format.ts';
import { formatBandwidth, formatRate } from '#ui/units.ts';
import type { DrawnRun } from '../drawn.ts';
import { byPlace, placeLabel, runLabel, shapeLabel, styleOf } from '../series.ts';

/** FLOPs a byte of a product that reads both matrices once and writes the third; of the types, the weight's. */
export function intensityOf({
  shape,
  dtype = 'f32',
}: Pick<BenchResult, 'shape'> & Partial<Pick<BenchResult, 'dtype'>>): number {
  const { m = 0, k = 0, n = 0 } = shape;
  return (2 * m * k * n) / (bytesOf(m * k + m * n, 'f32') + elementBytes(dtype) * k * n);
}

export function roofSeries(runs: readonly DrawnRun[]): NamedSeries[] {
  return runs.flatMap((run) => {
    const shareOf = roofShares(run.results);
    return [...byPlace(run.results.filter(isProduct))].flatMap(([label, cells]): NamedSeries[] => {
      const [first] = cells;
      if (first === undefined) return [];
      const { color, mark } = styleOf(first);
      const name = runLabel(label, run.name);
      const fastest = fastestOfVariants(cells);
      return [
        {
          id: `${run.id} ${label}`,
          label: name,
          color,
          mark,
          overlay: run.overlay,
          line: false,
          points: cells.map((cell) => ({
            x: intensityOf(cell),
            y: cell.gflops,
            title: `${name}${cell.variant === '' ? '' : `, kernel “${cell.variant}”`}, ${shapeLabel(cell)}`,
            text: `${formatRate(cell.gflops)}, ${roofText(shareOf(cell))}, ${intensityOf(cell).toFixed(1)} FLOP a byte, ${formatMs(cell.medianMs)}`,
            ...(!run.overlay &&
              cell.variant !== '' &&
              fastest.get(cell.variant) === cell && { label: cell.variant }),
          })),
        },
      ];
    });
  });
}

/** "63 % of the roof". */
function roofText(share: number | null): string {
  return share === null ? 'no roof' : `${Math.round(100 * share)} % of the roof`;
}

/**
 * How near a product comes to the roof of its place, 0 to 1: its rate over the most that any product of the run had there,
 * or over its own FLOP a byte at the most bytes a second, whichever is less. Null of what is no product that was measured.
 */
export function roofShares(results: readonly BenchResult[]): (result: BenchResult) => number | null {
  const limits = new Map(
    [...byPlace(results.filter(isProduct))].map(([place, cells]) => [place, limitsOf(cells)]),
  );
  return (result) => {
    const limit = isProduct(result) ? limits.get(placeLabel(result)) : undefined;
    if (limit === undefined) return null;
    return result.gflops / Math.min(limit.rate, limit.traffic * intensityOf(result));
  };
}

/** The most FLOP a second, and the most bytes. */
function limitsOf(cells: readonly BenchResult[]): { readonly rate: number; readonly traffic: number } {
  return {
    rate: Math.max(...cells.map(({ gflops }) => gflops)),
    traffic: Math.max(...cells.map((cell) => cell.gflops / intensityOf(cell))),
  };
}

/** What the run's machine was seen to do: a lower bound of what it can. */
export function measuredRoofs(results: readonly BenchResult[], xs: readonly number[]): XYReference[] {
  return [...byPlace(results.filter(isProduct))].flatMap(([label, cells]) => {
    const { rate, traffic } = limitsOf(cells);
    return [
      roofOf({
        id: label,
        label: `${label}: at most ${formatRate(rate)}, ${formatBandwidth(traffic)}`,
        rate,
        traffic,
        xs,
      }),
    ];
  });
}

/** What a datasheet promises, for bfloat16 on matrix units, which this page does not use. */
export function datasheetRoof({ id, label, teraflops, memoryGBs }: Gpu, xs: readonly number[]): XYReference {
  return roofOf({
    id,
    label: `${label}, datasheet, bfloat16`,
    rate: 1000 * teraflops,
    traffic: memoryGBs,
    xs,
  });
}

/** Up with the traffic to the ridge, then level. */
function roofOf(from: {
  readonly id: string;
  readonly label: string;
  readonly rate: number;
  readonly traffic: number;
  readonly xs: readonly number[];
}): XYReference {
  const { id, label, rate, traffic, xs } = from;
  const [first, last] = [Math.min(...xs), Math.max(...xs)];
  const ridge = rate / traffic;
  const at = (x: number): { x: number; y: number } => ({ x, y: Math.min(rate, traffic * x) });
  const inside = ridge > first && ridge < last ? [at(ridge)] : [];
  return { id, label, points: [at(first), ...inside, at(last)] };
}

function isProduct(result: BenchResult): boolean {
  return result.op === 'gemm' && isMeasured(result) && result.gflops > 0;
}

/** A kernel is named once, at its fastest. */
function fastestOfVariants(cells: readonly BenchResult[]): Map<string, BenchResult> {
  const fastest = new Map<string, BenchResult>();
  for (const cell of cells) {
    if (cell.gflops > (fastest.get(cell.variant)?.gflops ?? 0)) fastest.set(cell.variant, cell);
  }
  return fastest;
}
