/** Runs a benchmark: one group of ranks after another, one case after another, each result handed over as it comes. */

import { LabError, messageOf } from '../../base/errors.ts';
import { casesOf, groupKey, shuffledGroups } from '../../bench/cases.ts';
import type { BenchOptions } from '../../bench/options.ts';
import type { BenchCase, BenchResult } from '../../bench/record.ts';
import type { DeviceInfo } from '../../protocol.ts';
import { watchHidden } from '../hidden.ts';
import { failedResult, type MeasureOptions, measure } from './measure.ts';
import { modelFolders } from './modelFolders.ts';
import { type Ranks, ranksOf } from './ranks.ts';

export interface BenchProgress {
  readonly done: number;
  readonly total: number;
  /** The case under way; null between two. */
  readonly current: BenchCase | null;
  /** By the cases so far; null before the first. */
  readonly leftMs: number | null;
}

export interface RunnerOptions {
  /** Stops the run. What is done stays. */
  readonly signal: AbortSignal;
  /** Settles when the run may go on: at once, or when a pause is over. */
  readonly resumed: () => Promise<void>;
  readonly onProgress: (progress: BenchProgress) => void;
  readonly onResult: (result: BenchResult) => void;
  /** The device of the first group on each backend, for the record. */
  readonly onDevice: (device: DeviceInfo) => void;
}

/**
 * A case that fails is a result with its reason, and the rest goes on.
 * @throws LabError `closed` when it is stopped
 */
export async function runBench(options: BenchOptions, runner: RunnerOptions): Promise<void> {
  const groups = shuffledGroups(casesOf(options), options.seed);
  const total = groups.reduce((sum, cases) => sum + cases.length, 0);
  const clock = startClock();
  let done = 0;
  const tell = (current: BenchCase | null): void => {
    const leftMs = done === 0 ? null : (clock.elapsedMs() / done) * (total - done);
    runner.onProgress({ done, total, current, leftMs });
  };
  const hidden = watchHidden();
  const folders = modelFolders(options.checkpoints, runner.signal);
  const { budgetMs, seed } = options;
  const measureOptions: MeasureOptions = {
    budgetMs,
    seed,
    proceed: () => proceed(runner, clock),
    wasHidden: hidden.wasHidden,
  };

  /** @throws LabError `closed` when it is stopped */
  const resultOf = async (one: BenchCase, ranks: Ranks, again = false): Promise<BenchResult> => {
    try {
      await proceed(runner, clock);
      return await measure(await ranks.ready(one), one, measureOptions);
    } catch (thrown) {
      const code = thrown instanceof LabError ? thrown.code : 'unknown';
      if (code !== 'input') await ranks.close(); // what all ranks refused has harmed none
      if (runner.signal.aborted) throw stopped();
      // A machine that slept is awake now; one that stands still twice is too slow for this.
      if (code === 'interrupted' && !again) return resultOf(one, ranks, true);
      return failedResult(one, messageOf(thrown));
    }
  };

  tell(null);
  try {
    for (const cases of groups) {
      const ranks = ranksOf(cases, { ...runner, folders });
      for (const one of cases) {
        tell(one);
        runner.onResult(await resultOf(one, ranks));
        done++;
        tell(null);
      }
      await ranks.close();
    }
  } finally {
    hidden.stop();
  }
}

async function proceed({ signal, resumed }: RunnerOptions, clock: Clock): Promise<void> {
  if (signal.aborted) throw stopped();
  clock.pause();
  await resumed();
  clock.resume();
  if (signal.aborted) throw stopped();
}

function stopped(): LabError {
  return new LabError('closed', 'The benchmark was stopped.');
}

/** Milliseconds without the pauses. */
interface Clock {
  elapsedMs(): number;
  pause(): void;
  resume(): void;
}

function startClock(): Clock {
  let startMs = performance.now();
  let pausedMs = 0;
  return {
    elapsedMs: () => performance.now() - startMs,
    pause() {
      pausedMs = performance.now();
    },
    resume() {
      startMs += performance.now() - pausedMs;
    },
  };
}

/** Of starting the workers and devices of a group, and of preparing and checking a case: of a small laptop, in ms. */
const LAUNCH_MS = 800;
const CASE_MS = 120;

/** What a benchmark is going to take, before it runs. */
export interface Estimate {
  readonly cases: number;
  readonly ms: number;
}

/** A run that came to its end: what was asked, and what it took without its pauses. */
export interface Took {
  readonly options: BenchOptions;
  readonly ms: number;
}

/** As {@link estimateOf}, and as many times as long as the last run on this machine took over what was said of it. */
export function learnedEstimate(options: BenchOptions, last: Took | null): Estimate {
  const { cases, ms } = estimateOf(options);
  return { cases, ms: last === null ? ms : ms * (last.ms / estimateOf(last.options).ms) };
}

/** At least so long: cases that take longer than a tenth of the budget have their ten samples all the same. */
export function estimateOf(options: BenchOptions): Estimate {
  const cases = casesOf(options);
  const groups = new Set(cases.map(groupKey)).size;
  return { cases: cases.length, ms: cases.length * (options.budgetMs + CASE_MS) + groups * LAUNCH_MS };
}
