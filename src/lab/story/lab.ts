/** What the chapters of the story may ask of the ranks. One thing runs at a time. */

import type { StoreApi } from 'zustand/vanilla';
import { LabError } from '../../base/errors.ts';
import type { BenchOptions } from '../../bench/axes.ts';
import type { BenchResult } from '../../bench/record.ts';
import type { RankGroup } from '../../host/rankGroup.ts';
import { type Check, mergeChecks } from '../../numerics/oracle.ts';
import { type CutPairConfig, cutPairProgram } from '../../program/cutPair.ts';
import { type LayerPlan, stepsOf } from '../../program/plan.ts';
import { planOf } from '../../program/planOf.ts';
import type { CutsProgram } from '../../protocol/lessons.ts';
import type { DeviceChoice } from '../../protocol.ts';
import { arenaForPlan } from '../arena.ts';
import { runBench } from '../bench/runner.ts';
import { createExperimentStore, type ExperimentStore } from '../experiment.ts';
import { launchLayers, runLayer } from '../layers/experiment.ts';
import { DEFAULT_PARAMS as LAYER_DEFAULTS, type LayerParams } from '../layers/params.ts';
import type { LayerRun } from '../layers/run.ts';
import { errorOf } from '../outcome.ts';
import { type SplitKinds, splitExperiment } from '../split/experiment.ts';
import { DEFAULT_PARAMS as SPLIT_DEFAULTS, type SplitParams } from '../split/params.ts';
import type { Cell, CellProbe, SplitRun } from '../split/run.ts';
import { launchRanks } from '../tuning/tuning.ts';

export type SplitStore = StoreApi<ExperimentStore<SplitKinds>>;

/** A pair of products with the cuts that were asked for, as the ranks ran it. */
export interface CutsRun {
  readonly config: CutPairConfig;
  /** Collectives that the plan has, and that each rank ran. */
  readonly planned: readonly string[];
  readonly ran: readonly string[];
  /** What the rank that sent most has sent. */
  readonly bytesSent: number;
  readonly check: Check;
  readonly sameBits: boolean;
}

export interface StoryLab {
  readonly device: DeviceChoice;
  /** Runs a product, which the stage then shows at moment `at`. */
  split(params: Partial<SplitParams>, at?: number): Promise<SplitRun>;
  /** The numbers behind a cell of the last product. */
  probe(cell: Cell): Promise<CellProbe>;
  layers(params: readonly Partial<LayerParams>[]): Promise<LayerRun[]>;
  pairs(configs: readonly CutPairConfig[], seed: number): Promise<CutsRun[]>;
  bench(options: BenchOptions): Promise<BenchResult[]>;
}

export interface RanksOfStory extends StoryLab {
  /** The store of the product that the stage shows; null before the first. */
  readonly splits: () => SplitStore | null;
  /** Whether ranks live that another page would have to share the machine with. */
  readonly alive: () => boolean;
  /** Ends what is under way, and all ranks. */
  stop(): void;
}

/** @param makeRoom ends what other pages have running, so that nothing runs beside what is measured */
export function createStoryLab(device: DeviceChoice, makeRoom: () => void): RanksOfStory {
  let splits: SplitStore | null = null;
  let stopping = new AbortController();

  return {
    device,
    splits: () => splits,
    alive: () => splits?.getState().alive === true,

    async split(params, at) {
      const wanted: SplitParams = { ...SPLIT_DEFAULTS, ...params, device };
      const store = splits ?? createExperimentStore(splitExperiment, { params: wanted });
      if (splits !== null) {
        store.getState().select(null);
        store.setState({ failure: null });
        store.getState().change(wanted);
      }
      splits = store;
      const run = await finished(store);
      store.getState().seek(at ?? Number.MAX_SAFE_INTEGER);
      return run;
    },

    async probe(cell) {
      invariantStore(splits);
      splits.getState().select(cell);
      return until(splits, ({ opened, selected, alive }) => {
        if (opened !== null && selected?.row === opened.row && selected.col === opened.col) return opened;
        if (!alive) throw stopped();
        return null;
      });
    },

    async layers(all) {
      const runs: LayerRun[] = [];
      for (const params of all) {
        const wanted: LayerParams = { ...LAYER_DEFAULTS, ...params, device };
        const group = await launchLayers(wanted, stopping.signal);
        try {
          runs.push(await runLayer(group, wanted));
        } finally {
          await group.close();
        }
      }
      return runs;
    },

    async pairs(configs, seed) {
      const worldSize = configs[0]?.worldSize ?? 1;
      const group = await launchRanks<CutsProgram>({
        worldSize,
        device,
        memory: { arenaBytes: Math.max(0, ...configs.map((config) => arenaForPlan(planOfCuts(config)))) },
        signal: stopping.signal,
        trace: 'all', // bytes are sums over it
        program: () =>
          new Worker(new URL('../../rank/programs/cuts/cuts.rank.ts', import.meta.url), { type: 'module' }),
      });
      try {
        const runs: CutsRun[] = [];
        for (const config of configs) runs.push(await runCuts(group, config, seed));
        return runs;
      } finally {
        await group.close();
      }
    },

    async bench(options) {
      splits?.getState().stop();
      makeRoom();
      const results: BenchResult[] = [];
      await runBench(options, {
        signal: stopping.signal,
        resumed: async () => {},
        onProgress: () => {},
        onResult: (result) => results.push(result),
        onDevice: () => {},
      });
      const failed = results.find(({ ok }) => !ok);
      if (failed !== undefined) throw new LabError('device', failed.note);
      return results;
    },

    stop() {
      stopping.abort();
      stopping = new AbortController();
      splits?.getState().stop();
    },
  };
}

async function runCuts(group: RankGroup<CutsProgram>, config: CutPairConfig, seed: number): Promise<CutsRun> {
  const ranks = await group.all((rank) => rank.run(config, seed));
  const spans = await group.trace();
  const sent = Array.from({ length: config.worldSize }, () => 0);
  for (const span of spans) {
    if (span.kind === 'step' && span.from !== span.rank)
      sent[span.from] = (sent[span.from] ?? 0) + span.bytes;
  }
  return {
    config,
    planned: collectivesOf(planOfCuts(config)),
    ran: spans.flatMap((span) => (span.kind === 'collective' && span.rank === 0 ? [span.collective] : [])),
    bytesSent: Math.max(...sent),
    check: mergeChecks(ranks.map(({ check }) => check)),
    sameBits: new Set(ranks.map(({ outputHash }) => outputHash)).size === 1,
  };
}

function planOfCuts(config: CutPairConfig): LayerPlan {
  return planOf(cutPairProgram(config), { position: 0 });
}

export function collectivesOf(plan: LayerPlan): string[] {
  return stepsOf(plan).flatMap((step) => (step.kind === 'collective' ? [step.collective] : []));
}

/**
 * The run that the store is about to finish.
 * @throws what it failed by, an interruption as one; LabError `closed` where it was stopped
 */
export function finished(store: SplitStore): Promise<SplitRun> {
  return until(store, ({ phase, failure, run, params, problem }) => {
    if (problem !== null) throw new LabError('input', problem);
    if (phase !== 'idle') return null;
    if (failure !== null) throw errorOf(failure);
    if (run === null || run.params !== params) throw stopped();
    return run;
  });
}

/** Settles with what `pick` gives that is not null; rejects with what it throws. */
function until<T>(store: SplitStore, pick: (state: ExperimentStore<SplitKinds>) => T | null): Promise<T> {
  return new Promise((resolve, reject) => {
    const look = (): boolean => {
      try {
        const picked = pick(store.getState());
        if (picked === null) return false;
        resolve(picked);
      } catch (thrown) {
        reject(thrown);
      }
      return true;
    };
    if (look()) return;
    const unsubscribe = store.subscribe(() => look() && unsubscribe());
  });
}

function invariantStore(store: SplitStore | null): asserts store is SplitStore {
  if (store === null) throw new Error('probe() before split()');
}

function stopped(): LabError {
  return new LabError('closed', 'It was stopped before it had a result.');
}
