/**
 * What a collective costs, from what some cost: t = steps · α + bytes / β, a latency for every step and a bandwidth for
 * what a rank sends (Hockney 1994; as in Thakur, Rabenseifner and Gropp, "Optimization of Collective Communication
 * Operations in MPICH", 2005). And what a layer costs: its FLOPs over a measured rate, and its collectives.
 */

import { type CollectiveKind, isCollective } from '../collectives/kinds.ts';
import { ringWork, type WorkOf } from '../collectives/work.ts';
import type { BenchResult } from './record.ts';

/** A way to carry data between ranks. */
export interface Link {
  /** Milliseconds a step. */
  readonly alphaMs: number;
  /** 1e9 bytes a second that a rank sends; infinite where the fit saw no cost of bytes. */
  readonly betaGBs: number;
  /** What is done over it; a ring where left out. */
  readonly work?: WorkOf;
}

export interface LinkModel extends Link {
  /** Measurements behind it. */
  readonly count: number;
  /** The middle of |predicted − measured| / measured over them. */
  readonly error: number;
}

/** Milliseconds. */
export function predictCollective(
  link: Link,
  kind: CollectiveKind,
  worldSize: number,
  bytes: number,
): number {
  const { steps, sentBytes } = (link.work ?? ringWork)(kind, worldSize, bytes);
  return steps * link.alphaMs + sentBytes / link.betaGBs / 1e6;
}

type Collective = Pick<BenchResult, 'op' | 'worldSize' | 'bytes' | 'medianMs'>;

/** Of the determinant, relative to its largest value: below it steps and bytes grow alike, and only their sum is known. */
const LEAST_DETERMINANT = 1e-6;

/**
 * α and β by least squares of the relative errors, so that a kilobyte counts as much as a megabyte; null where the cells
 * do not tell one from the other, as those of one size do not. Neither is ever below 0: where the best fit is, the other
 * alone is fitted.
 */
export function fitLink(results: readonly Collective[], work: WorkOf = ringWork): LinkModel | null {
  const points = results.flatMap(({ op, worldSize, bytes, medianMs }) => {
    if (!isCollective(op) || !(medianMs > 0)) return [];
    const { steps, sentBytes } = work(op, worldSize, bytes);
    return [{ steps: steps / medianMs, megabytes: sentBytes / 1e6 / medianMs }]; // of measured = 1
  });
  const sum = (of: (point: { steps: number; megabytes: number }) => number): number =>
    points.reduce((total, point) => total + of(point), 0);
  const [ss, sm, mm] = [
    sum((p) => p.steps ** 2),
    sum((p) => p.steps * p.megabytes),
    sum((p) => p.megabytes ** 2),
  ];
  const [s, m] = [sum((p) => p.steps), sum((p) => p.megabytes)];
  const determinant = ss * mm - sm * sm;
  if (!(determinant > LEAST_DETERMINANT * ss * mm)) return null;
  let alphaMs = (s * mm - m * sm) / determinant;
  let msPerMegabyte = (m * ss - s * sm) / determinant;
  if (alphaMs < 0) [alphaMs, msPerMegabyte] = [0, m / mm];
  if (msPerMegabyte < 0) [alphaMs, msPerMegabyte] = [s / ss, 0];
  const errors = points.map((p) => Math.abs(alphaMs * p.steps + msPerMegabyte * p.megabytes - 1));
  return {
    alphaMs,
    betaGBs: 1 / msPerMegabyte,
    work,
    count: points.length,
    error: errors.toSorted((a, b) => a - b)[Math.floor(errors.length / 2)] ?? 0,
  };
}

/** How fast a rank computes, and how it fares when several do. */
export interface RateModel {
  /** 1e9 FLOPs a second of one rank, by the number of ranks that compute beside each other. */
  readonly byRanks: ReadonlyMap<number, number>;
}

type Computed = Pick<BenchResult, 'op' | 'worldSize' | 'medianMs' | 'gflops' | 'computeMs'>;

/**
 * The rate of each worldSize: all FLOPs of its layers over all their time in kernels, so that long ones weigh most. Null
 * without any. Ranks that share a GPU or cores are slower each, which is why they are kept apart.
 */
export function fitRate(results: readonly Computed[]): RateModel | null {
  const sums = new Map<number, { gflop: number; ms: number }>();
  for (const { op, worldSize, medianMs, gflops, computeMs } of results) {
    if (isCollective(op) || gflops <= 0 || computeMs <= 0) continue;
    const before = sums.get(worldSize) ?? { gflop: 0, ms: 0 };
    const gflop = (gflops * medianMs) / 1e3 / worldSize; // of one rank
    sums.set(worldSize, { gflop: before.gflop + gflop, ms: before.ms + computeMs });
  }
  if (sums.size === 0) return null;
  return { byRanks: new Map([...sums].map(([ranks, { gflop, ms }]) => [ranks, (gflop / ms) * 1e3])) };
}

/**
 * The rate of each of `ranks` ranks: measured, or from the nearest smaller measured number of ranks, whose machine is
 * shared among more. `shared` ranks of one machine divide what it has; else each rank brings its own.
 */
export function rateAt({ byRanks }: RateModel, ranks: number, shared: boolean): number {
  const known = byRanks.get(ranks);
  if (known !== undefined) return known;
  const measured = [...byRanks.keys()].toSorted((a, b) => a - b);
  const base = measured.findLast((count) => count < ranks) ?? measured[0] ?? 1;
  const rate = byRanks.get(base) ?? 0;
  return shared && base < ranks ? (rate * base) / ranks : rate;
}

export interface LayerPrediction {
  readonly computeMs: number;
  readonly commMs: number;
  readonly totalMs: number;
}

/** @param flops of the slowest rank @param collectives what the layer's plan has */
export function predictLayer(
  flops: number,
  gflops: number,
  link: Link | null,
  worldSize: number,
  collectives: readonly { readonly kind: CollectiveKind; readonly bytes: number }[],
): LayerPrediction {
  const computeMs = flops / gflops / 1e6;
  const commMs =
    link === null || worldSize === 1
      ? 0
      : collectives.reduce(
          (sum, { kind, bytes }) => sum + predictCollective(link, kind, worldSize, bytes),
          0,
        );
  return { computeMs, commMs, totalMs: computeMs + commMs };
}
