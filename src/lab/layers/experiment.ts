/** Runs a layer on a group of ranks, and puts what they did beside what the plan said. */

import { extentOf } from '../../base/trace.ts';
import type { RankGroup } from '../../host/rankGroup.ts';
import { costDifferences, differences } from '../../program/compare.ts';
import { costOf, type LayerPlan, stepsOf } from '../../program/plan.ts';
import { planLayer } from '../../program/planOf.ts';
import type { LayerProgram, LayerRankResult } from '../../protocol.ts';
import { arenaForPlan } from '../arena.ts';
import type { Experiment, ExperimentState } from '../experiment.ts';
import { launchRanks } from '../tuning/tuning.ts';
import { measuredCosts } from './measured.ts';
import { DEFAULT_PARAMS, type LayerParams } from './params.ts';
import { problemWith } from './problem.ts';
import { fromQuery, toQuery } from './query.ts';
import type { LayerRun, LayerVerdict, OpenedOnRanks } from './run.ts';
import { normalize, specOf, withoutUnchanged } from './spec.ts';
import { stepTimes } from './stepTimes.ts';

export type LayerGroup = RankGroup<LayerProgram>;

export interface LayerKinds {
  readonly params: LayerParams;
  readonly plan: LayerPlan;
  readonly run: LayerRun;
  readonly group: LayerGroup;
  /** The id of a tensor. */
  readonly selected: string;
  readonly opened: OpenedOnRanks;
}

export type LayersState = ExperimentState<LayerKinds>;

export const layersExperiment: Experiment<LayerKinds> = {
  id: 'layers',
  defaults: DEFAULT_PARAMS,
  toQuery,
  fromQuery,
  problemWith,
  changed(before, patch) {
    const params = { ...before, ...patch };
    return patch.sizes === undefined ? normalize(params) : withoutUnchanged(params);
  },
  planOf,
  lastMoment: (plan) => stepsOf(plan).length, // one past the steps: all done
  arenaBytes,
  launch: launchLayers,
  run: runLayer,
  selection: {
    key: 'open',
    toText: (id) => id,
    fromText: (text) => text,
    otherwise: ({ output }) => output, // so that there is always something to see
    isIn: ({ tensors }, id) => tensors.has(id),
    open: (group, _, id) => openTensor(group, id),
  },
};

/** What each rank asks of the group's memory. */
function arenaBytes(params: LayerParams): number {
  return arenaForPlan(planOf(params));
}

export function launchLayers(params: LayerParams, signal?: AbortSignal): Promise<LayerGroup> {
  return launchRanks<LayerProgram>({
    worldSize: params.ranks,
    device: params.device,
    memory: { arenaBytes: arenaBytes(params) },
    trace: 'all', // bytes and times are sums over it
    ...(signal !== undefined && { signal }),
    program: () =>
      new Worker(new URL('../../rank/programs/layer/layer.rank.ts', import.meta.url), { type: 'module' }),
  });
}

/** What will happen, as far as it can be known before: experts are taken to be chosen evenly. */
export function planOf(params: LayerParams): LayerPlan {
  const { tokens, past, ranks } = params;
  return planLayer(specOf(params).spec, ranks, { tokens, past });
}

/** @throws LabError as {@link RankGroup.all} does; the group is then closed */
export async function runLayer(group: LayerGroup, params: LayerParams): Promise<LayerRun> {
  const { spec } = specOf(params);
  const pass = { tokens: params.tokens, past: params.past };
  const ranks = await group.all((rank) => rank.run({ spec, pass, seed: params.seed }));
  const spans = await group.trace();
  const plan = planLayer(spec, params.ranks, pass, ranks[0]?.routing);
  const predicted = ranks.map(({ rank }) => costOf(plan, rank));
  const measured = measuredCosts(ranks, spans);
  return {
    params,
    spec,
    plan,
    devices: group.devices,
    ranks,
    spans,
    ...extentOf(spans),
    times: stepTimes(plan, ranks),
    predicted,
    measured,
    oneGoMs: Math.max(...ranks.map((rank) => rank.oneGoMs)),
    oneGoSpans: ranks.flatMap((rank) => rank.oneGoSpans),
    verdict: verdictOf(plan, ranks, { predicted, measured }),
  };
}

/** The values of a tensor of the last run's plan. */
export async function openTensor(group: LayerGroup, id: string): Promise<OpenedOnRanks> {
  return { id, ranks: await group.all((rank) => rank.open(id)) };
}

export function verdictOf(
  plan: LayerPlan,
  ranks: readonly LayerRankResult[],
  { predicted, measured }: Pick<LayerRun, 'predicted' | 'measured'>,
): LayerVerdict {
  const steps = ranks.flatMap(({ rank, events }) => differences(plan, rank, events));
  const sums = predicted.flatMap((cost, rank) => {
    const found = measured[rank];
    if (found === undefined) return [`rank ${rank}: nothing measured`];
    return costDifferences(cost, found).map((text) => `rank ${rank}: ${text}`);
  });
  const check = ranks.find((rank) => rank.check !== null)?.check;
  if (check === undefined || check === null) throw new Error('rank 0 checks the output');
  const hashes = ranks.map((rank) => rank.outputHash);
  return {
    asPlanned: steps.length === 0 && sums.length === 0,
    steps,
    sums,
    check,
    sameBits: hashes.includes(null) ? null : new Set(hashes).size === 1,
  };
}
