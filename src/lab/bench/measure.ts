/** Measures one case on a group of ranks: warm-up, iterations until the budget is filled, and the check of the result. */

import type { BenchCase, BenchResult } from '../../bench/record.ts';
import { bandwidths } from '../../collectives/bandwidth.ts';
import { isCollective } from '../../collectives/kinds.ts';
import type { RankGroup } from '../../host/rankGroup.ts';
import { median, quantile, relativeSpread, reliabilityOf } from '../../numerics/statistics.ts';
import type { BenchBatch, BenchPrepared, BenchProgram } from '../../protocol/bench.ts';

export type BenchGroup = RankGroup<BenchProgram>;

const MIN_SAMPLES = 10;
const MAX_SAMPLES = 2000;
/** Untimed, beside the run that prepares; they also tell how long a run takes. */
const WARM_UP = 3;
/** A batch runs without a word to the page; so pausing and stopping take this long at most, or one iteration. */
const BATCH_MS = 100;

export interface MeasureOptions {
  readonly budgetMs: number;
  readonly seed: number;
  /** Settles when the run may go on; rejects when it is stopped. Called between batches. */
  readonly proceed: () => Promise<void>;
  /** Whether the tab has been hidden since it was last asked: a hidden tab is throttled. */
  readonly wasHidden: () => boolean;
}

/** @throws LabError as {@link RankGroup.all} does; the group is then closed */
export async function measure(
  group: BenchGroup,
  one: BenchCase,
  { budgetMs, seed, proceed, wasHidden }: MeasureOptions,
): Promise<BenchResult> {
  const prepared = await group.all((rank) => rank.prepare({ case: one, seed }));
  const flops = prepared.reduce((sum, rank) => sum + rank.flops, 0);
  let hidden = false;
  const iterate = async (count: number, runs: number): Promise<BenchBatch[]> => {
    await proceed();
    wasHidden(); // in a pause nothing was measured
    const batch = await group.all((rank) => rank.iterate(count, runs));
    hidden = wasHidden() || hidden;
    return batch;
  };

  const { runs, runMs } = await warmUp(async (many) => slowestOf(await iterate(1, many)), {
    atOnce: Math.min(...prepared.map((rank) => rank.atOnce)),
    iterationMs: Math.max(...prepared.map((rank) => rank.iterationMs)),
  });
  let estimateMs = Math.max(1e-3, runs * runMs);
  hidden = false;
  const samplesMs: number[] = [];
  const batches: BenchBatch[][] = [];
  let elapsedMs = 0;
  while (samplesMs.length < MIN_SAMPLES || (elapsedMs < budgetMs && samplesMs.length < MAX_SAMPLES)) {
    const wantedMs = Math.min(BATCH_MS, Math.max(budgetMs - elapsedMs, estimateMs));
    const missing = Math.max(1, MIN_SAMPLES - samplesMs.length);
    const count = Math.max(1, Math.floor(wantedMs / estimateMs));
    const batch = await iterate(
      Math.min(elapsedMs < budgetMs ? count : Math.min(count, missing), MAX_SAMPLES - samplesMs.length),
      runs,
    );
    const slowest = slowestOf(batch);
    batches.push(batch);
    samplesMs.push(...slowest);
    elapsedMs += runs * slowest.reduce((sum, ms) => sum + ms, 0);
    estimateMs = Math.max(1e-3, runs * median(samplesMs));
  }
  await proceed();
  const checks = await group.all((rank) => rank.check());
  await group.all((rank) => rank.release());

  const wrong = checks.reduce((sum, check) => sum + check.wrong, 0);
  const [chosen] = checks;
  return {
    ...one,
    variant: one.op === 'gemm' ? chosen?.variant || one.variant : one.variant,
    samplesMs,
    ...figuresOf(one, samplesMs, flops),
    ...partsOf(batches),
    maxAbsError: Math.max(...checks.map((check) => check.maxAbsError)),
    ...(chosen?.rounding && {
      roundingMaxError: chosen.rounding.maxAbsError,
      roundingRmsError: chosen.rounding.relativeRms,
    }),
    wrong,
    ok: wrong === 0,
    note: noteOf(samplesMs, hidden),
  };
}

/**
 * How long a run takes, and how many make an iteration: as many as last `iterationMs`, up to `atOnce`. By the shortest of
 * a few: the first are compiled meanwhile, and any may be held up. One iteration after another, so that a pause or a stop
 * need not wait for more.
 */
async function warmUp(
  iterate: (runs: number) => Promise<number[]>,
  { atOnce, iterationMs }: Pick<BenchPrepared, 'atOnce' | 'iterationMs'>,
): Promise<{ runs: number; runMs: number }> {
  const shortest = async (times: number, many: number): Promise<number> => {
    let ms = Number.POSITIVE_INFINITY;
    for (let i = 0; i < times; i++) ms = Math.min(ms, ...(await iterate(many)));
    return ms;
  };
  let [runs, runMs] = [1, await shortest(WARM_UP, 1)];
  while (runs < atOnce && runs * runMs < iterationMs) {
    runs = Math.min(2 * runs, atOnce);
    runMs = await shortest(2, runs);
  }
  return { runs, runMs };
}

/** A row for a case that could not be run. */
export function failedResult(one: BenchCase, reason: string): BenchResult {
  const none = { medianMs: 0, p10Ms: 0, p90Ms: 0, gflops: 0, algBwGBs: 0, busBwGBs: 0 };
  const parts = { computeMs: 0, commMs: 0, waitMs: 0, maxAbsError: 0, wrong: 0 };
  return { ...one, samplesMs: [], ...none, ...parts, ok: false, note: reason };
}

/** The ranks start an iteration together; it lasts until the last one is done. */
function slowestOf(batch: readonly BenchBatch[]): number[] {
  const count = batch[0]?.elapsedMs.length ?? 0;
  return Array.from({ length: count }, (_, i) => Math.max(...batch.map((rank) => rank.elapsedMs[i] ?? 0)));
}

function figuresOf({ op, worldSize, bytes }: BenchCase, samplesMs: readonly number[], flops: number) {
  const medianMs = median(samplesMs);
  return {
    medianMs,
    p10Ms: quantile(samplesMs, 0.1),
    p90Ms: quantile(samplesMs, 0.9),
    gflops: flops / medianMs / 1e6,
    ...(isCollective(op) ? bandwidths(op, worldSize, bytes, medianMs) : { algBwGBs: 0, busBwGBs: 0 }),
  };
}

/** Means over ranks and iterations. */
function partsOf(batches: readonly (readonly BenchBatch[])[]) {
  const all = batches.flat();
  const iterations = all.reduce((sum, batch) => sum + batch.elapsedMs.length, 0);
  const meanOf = (of: (batch: BenchBatch) => number): number =>
    all.reduce((sum, batch) => sum + of(batch), 0) / Math.max(1, iterations);
  return {
    computeMs: meanOf((batch) => batch.computeMs),
    commMs: meanOf((batch) => batch.commMs),
    waitMs: meanOf((batch) => batch.waitMs),
  };
}

function noteOf(samplesMs: readonly number[], hidden: boolean): string {
  if (hidden) return 'unreliable: the tab was hidden, and a hidden tab is throttled';
  const reliability = reliabilityOf(relativeSpread(samplesMs));
  return reliability === 'steady' ? '' : reliability;
}
