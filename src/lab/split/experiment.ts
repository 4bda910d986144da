/** Runs the Split page's plan on a group of ranks, and makes sense of what they return. */

import { extentOf, type Span } from '../../base/trace.ts';
import { additionOrder } from '../../collectives/schedule.ts';
import type { RankGroup } from '../../host/rankGroup.ts';
import { mergeChecks } from '../../numerics/oracle.ts';
import { ownerOf } from '../../numerics/ranges.ts';
import { bufferIndex, planSplit, type SplitPlan } from '../../program/splitPlan.ts';
import type { SplitProgram, SplitRankResult } from '../../protocol.ts';
import type { Experiment, ExperimentStore } from '../experiment.ts';
import { readQuery, writeQuery } from '../parameters.ts';
import { launchRanks } from '../tuning/tuning.ts';
import { arenaBytes } from './budget.ts';
import { configOf, DEFAULT_PARAMS, DEFINITIONS, problemWith, type SplitParams } from './params.ts';
import type { Cell, CellProbe, RankTimes, RingStep, SplitRun, SplitVerdict } from './run.ts';
import { timelineOf } from './timeline.ts';

export type SplitGroup = RankGroup<SplitProgram>;

export interface SplitKinds {
  readonly params: SplitParams;
  readonly plan: SplitPlan;
  readonly run: SplitRun;
  readonly group: SplitGroup;
  readonly selected: Cell;
  readonly opened: CellProbe;
}

export type SplitStore = ExperimentStore<SplitKinds>;

export const splitExperiment: Experiment<SplitKinds> = {
  id: 'split',
  defaults: DEFAULT_PARAMS,
  toQuery: (params) => writeQuery(DEFINITIONS, params, DEFAULT_PARAMS),
  fromQuery: (query) => readQuery(DEFINITIONS, query, DEFAULT_PARAMS),
  problemWith,
  changed: (params, patch) => ({ ...params, ...patch }),
  sameRun: (a, b) => DEFINITIONS.every(({ path }) => path === 'stored' || Object.is(a[path], b[path])),
  planOf: (params) => planSplit(configOf(params)),
  lastMoment: (plan) => timelineOf(plan).length - 1,
  arenaBytes: (params) => arenaBytes(configOf(params)),
  launch: launchSplit,
  run: runSplit,
  selection: {
    key: 'cell',
    toText: ({ row, col }) => `${row},${col}`,
    fromText(text) {
      const [, row, col] = /^(\d{1,9}),(\d{1,9})$/.exec(text) ?? [];
      return row === undefined ? null : { row: Number(row), col: Number(col) };
    },
    otherwise: () => null,
    isIn: ({ output }, { row, col }) => row < output.rows && col < output.cols,
    open: (group, { plan }, cell) => probeCell(group, plan, cell),
  },
};

export function launchSplit(params: SplitParams, signal: AbortSignal): Promise<SplitGroup> {
  return launchRanks<SplitProgram>({
    worldSize: params.ranks,
    device: params.device,
    signal,
    memory: { arenaBytes: arenaBytes(configOf(params)) },
    trace: 'all', // bytes and times are sums over it
    program: () =>
      new Worker(new URL('../../rank/programs/split.rank.ts', import.meta.url), { type: 'module' }),
  });
}

/** @throws LabError as {@link RankGroup.all} does; the group is then closed */
export async function runSplit(group: SplitGroup, params: SplitParams): Promise<SplitRun> {
  const plan = planSplit(configOf(params));
  const ranks = await group.all((rank) => rank.run(plan.config, params.seed));
  const spans = await group.trace();
  const ringSteps = ringStepsOf(spans, params.ranks);
  return {
    params,
    plan,
    timeline: timelineOf(plan),
    devices: group.devices,
    ranks,
    spans,
    ...extentOf(spans),
    times: Array.from({ length: params.ranks }, (_, rank) =>
      timesOf(spans.filter((span) => span.rank === rank)),
    ),
    ringSteps,
    bytesSent: bytesSentOf(spans, params.ranks),
    verdict: verdictOf(plan, ranks),
  };
}

async function probeCell(group: SplitGroup, plan: SplitPlan, { row, col }: Cell): Promise<CellProbe> {
  const ranks = await group.all((rank) => rank.probe(row, col));
  return { row, col, ranks, order: orderOf(plan, { row, col }) };
}

/** The ranks whose terms make up an element, in the order in which they were added. */
export function orderOf(plan: SplitPlan, { row, col }: Cell): number[] {
  const { config, collective, products } = plan;
  if (collective?.kind === 'all_reduce') {
    return additionOrder(ownerOf(collective.chunks, bufferIndex(plan, row, col)), config.worldSize);
  }
  const columns = products[products.length - 1]?.shards.map((shard) => shard.y.cols) ?? [];
  return [ownerOf(columns, col)];
}

function timesOf(spans: readonly Span[]): RankTimes {
  const sum = (pick: (span: Span) => number): number => spans.reduce((total, span) => total + pick(span), 0);
  const length = (span: Span): number => span.endMs - span.startMs;
  const all = (kind: Span['kind']): number => sum((span) => (span.kind === kind ? length(span) : 0));
  const isOp = (op: 'linear' | 'add') => (span: Span) => span.kind === 'op' && span.op === op;
  const op = (name: 'linear' | 'add'): number => sum((span) => (isOp(name)(span) ? length(span) : 0));
  const gpu = spans.filter(isOp('linear'));
  return {
    upload: all('upload'),
    gemm: op('linear'),
    gemmGpu: gpu.some((span) => span.gpuMs !== undefined)
      ? gpu.reduce((total, span) => total + (span.gpuMs ?? 0), 0)
      : null,
    readback: all('readback'),
    bias: op('add'),
    wait: sum((span) => (span.kind === 'step' ? span.waitMs : 0)),
    ring: sum((span) => (span.kind === 'step' ? length(span) - span.waitMs : 0)) + all('window'),
  };
}

/** Steps by index in the schedule, then by rank. A step that went through in segments is one: times and bytes add up, values are the first segment's. */
function ringStepsOf(spans: readonly Span[], worldSize: number): RingStep[][] {
  const steps: (RingStep | undefined)[][] = [];
  for (const step of spans) {
    if (step.kind !== 'step') continue;
    const { rank, phase, startMs, endMs, bytes } = step;
    if (phase !== 'reduce-scatter' && phase !== 'all-gather') continue;
    const row = steps[step.index] ?? Array.from<RingStep | undefined>({ length: worldSize });
    steps[step.index] = row;
    const earlier = row[rank];
    const none = new Float32Array(0);
    row[rank] = {
      rank,
      index: step.index,
      phase,
      from: step.from,
      chunk: step.chunk,
      bytes: bytes + (earlier?.bytes ?? 0),
      waitMs: step.waitMs + (earlier?.waitMs ?? 0),
      copyMs: endMs - startMs - step.waitMs + (earlier?.copyMs ?? 0),
      before: earlier?.before ?? step.before ?? none,
      received: earlier?.received ?? step.received ?? none,
      after: earlier?.after ?? step.after ?? none,
    };
  }
  return steps.map((row) => row.filter((step) => step !== undefined));
}

/** In a ring that pulls, what a rank has sent is what the others read from it. */
function bytesSentOf(spans: readonly Span[], worldSize: number): number[] {
  const sent = Array.from({ length: worldSize }, () => 0);
  for (const span of spans) {
    if (span.kind !== 'step' || span.from === span.rank) continue;
    sent[span.from] = (sent[span.from] ?? 0) + span.bytes;
  }
  return sent;
}

function verdictOf(plan: SplitPlan, ranks: readonly SplitRankResult[]): SplitVerdict {
  const hashes = new Set(ranks.map((rank) => rank.outputHash));
  return {
    ...mergeChecks(ranks.map((rank) => rank.check)),
    sameBits: plan.replicated ? hashes.size === 1 : null,
  };
}
