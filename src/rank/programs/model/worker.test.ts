/** Ranks that share a worker and its device, on the CPU: what they write, what they record, and how they part. */

import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { Recorder, type Span } from '../../../base/trace.ts';
import { readCheckpoint } from '../../../checkpoint/checkpoint.ts';
import { openSource } from '../../../checkpoint/openSource.ts';
import { parseSafetensors } from '../../../checkpoint/safetensors.ts';
import { Communicator } from '../../../comm/communicator.ts';
import { createCpuDevice } from '../../../device/cpu/device.ts';
import { allocateGroup } from '../../../group/memory.ts';
import { contextPlan, type PlannedCall, passPlan } from '../../../lab/model/tokenPlan.ts';
import { parseHfConfig } from '../../../models/hfConfig.ts';
import { parallelContext } from '../../../parallel/context.ts';
import { differences } from '../../../program/compare.ts';
import { modelProgram } from '../../../program/model.ts';
import { costOf } from '../../../program/plan.ts';
import { planOf } from '../../../program/planOf.ts';
import type {
  InspectedOnRank,
  ModelLoading,
  ModelTask,
  ModelToken,
  RecordedPass,
  Spent,
} from '../../../protocol.ts';
import { GREEDY } from '../../../sampling/sampling.ts';
import { createModelWorker } from './worker.ts';

const read = (path: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(new URL(`../../../../${path}`, import.meta.url)));
const model = parseHfConfig(new TextDecoder().decode(read('public/models/stories/config.json')), 'stories');
const { metadata } = parseSafetensors(read('tests/golden/model-stories.safetensors').buffer);
const ids = (name: string): number[] => JSON.parse(metadata[name] ?? '[]');
const [prompt, tokens] = [ids('prompt'), ids('tokens')];
const positions = 160;

let task: ModelTask;
beforeAll(async () => {
  const files = { 'model.safetensors': new Blob([read('public/models/stories/model.safetensors')]) };
  const source = { kind: 'files', files } as const;
  const checkpoint = await readCheckpoint(openSource(source));
  task = { model, positions, source, checkpoint, algorithm: 'auto' };
});

async function open(worldSize: number) {
  const recorder = new Recorder(0, { trace: 'off' });
  const comm = new Communicator(allocateGroup(1, { arenaBytes: 2 ** 24 }), { rank: 0, recorder });
  const device = createCpuDevice({ recorder, arena: comm.arena });
  const worker = createModelWorker({ ...parallelContext(comm, device), comm, recorder });
  await worker.share(worldSize);
  await worker.call('open', [task]);
  let loading: ModelLoading[] = [];
  do loading = (await worker.call('load', [])) as ModelLoading[];
  while (!loading.every(({ done }) => done));
  return { worker, recorder, loading };
}

const task17 = { count: 17, sampling: GREEDY, wanted: 2, stopIds: [], candidates: 2, traced: true };

it.each([2, 4, 5, 8])('%i ranks on one device write what PyTorch wrote, by the plan', async (worldSize) => {
  const { worker, loading } = await open(worldSize);
  expect(loading).toHaveLength(worldSize);
  const programOf = (count: number) => modelProgram(model, worldSize, { tokens: count, positions });
  // In two chunks, of which the second alone has its logits gathered.
  const long = Array.from({ length: 150 }, (_, i) => i);
  const spent = (await worker.call('prefill', [long, true, 2])) as Spent[];
  expect(spent.map((own) => own.collectives)).toEqual(
    contextPlan(programOf, 150, 2, 'one-device').map((calls) => calls.map(sizeOf)),
  );
  expect(spent[0]?.collectives).toHaveLength(2 * 13 + 1);
  await worker.call('truncate', [0]);
  await worker.call('prefill', [prompt, true, 2]);
  const ranks = (await worker.call('generate', [task17])) as ModelToken[][];
  const plans = passPlan(programOf(1), 2, 'one-device');
  for (const [rank, own] of ranks.entries()) {
    expect(own.map(({ id }) => id)).toEqual(tokens.slice(0, 17));
    const planned = (plans[rank] ?? []).map(sizeOf);
    expect(planned.at(-1)).toEqual({ kind: 'all_gather', bytes: 4 * worldSize * 5 });
    for (const { spent } of own) {
      expect(spent).toMatchObject({ collectives: planned, ringMs: 0, waitMs: 0, readBytes: 0 });
      // The device's time is that of all ranks, and the same on each.
      expect(spent?.computeMs).toBe(
        ranks[0]?.[own.findIndex((one) => one.spent === spent)]?.spent?.computeMs,
      );
    }
  }
  // A pass for each, and those of the device with the first rank.
  const recorded = (await worker.call('recorded', [])) as RecordedPass[][];
  for (const [rank, all] of recorded.entries()) {
    const passes = all.slice(1); // behind the long context
    expect(passes.map(({ prefill }) => prefill)).toEqual([true, ...tokens.slice(0, 17).map(() => false)]);
    expect(passes[0]?.tokens).toBe(prompt.length);
    expect(passes.slice(1).map(({ startMs }) => startMs)).toEqual(
      ranks[rank]?.map(({ spent }) => spent?.startMs),
    );
    for (const { spans, startMs, endMs } of passes) {
      const kinds = new Set(spans.map(({ kind }) => kind));
      expect([kinds.has('collective'), kinds.has('op') || kinds.has('batch')]).toEqual([true, rank === 0]);
      for (const span of spans) expect(span.startMs >= startMs && span.endMs <= endMs).toBe(true);
    }
  }
});

it('draw from the largest logits what they draw from all', async () => {
  const { worker } = await open(3);
  for (const cut of [
    { temperature: 1.5, topK: 30, topP: 0.95, seed: 5 },
    { temperature: 0.8, topP: 0.95, seed: 1 },
    { temperature: 1.5, minP: 0.05, seed: 2 },
  ]) {
    const sampling = { ...GREEDY, ...cut };
    const drawn: number[][] = [];
    const gathers = new Set<number>();
    for (const wanted of [cut.topK ?? 64, 'all']) {
      await worker.call('truncate', [0]);
      await worker.call('prefill', [prompt, false, null]);
      const task = { ...task17, count: 60, sampling, wanted };
      const ranks = (await worker.call('generate', [task])) as ModelToken[][];
      for (const own of ranks) drawn.push(own.map(({ id }) => id));
      if (wanted === 'all') continue;
      for (const { spent } of ranks.flat())
        gathers.add(spent?.collectives.filter(({ kind }) => kind === 'all_gather').length ?? 0);
    }
    for (const own of drawn) expect(own).toEqual(drawn[0]);
    expect(drawn[0]).not.toEqual(tokens.slice(0, 60));
    // Where the largest left open what could be drawn, all were gathered behind them, and that is told.
    expect([...gathers].sort()).toEqual(cut.topK === undefined ? [1, 2] : [1]);
  }
});

it('take a token apart in turns: each did what the plan says, and its spans are its own', async () => {
  const worldSize = 3;
  const { worker, recorder } = await open(worldSize);
  await worker.call('prefill', [prompt, false, null]);
  const position = prompt.length - 1;
  const ranks = (await worker.call('inspect', [position])) as InspectedOnRank[];
  const { spans } = recorder.take();
  const plan = planOf(modelProgram(model, worldSize, { tokens: 1, positions }), { position });
  for (const [rank, { events }] of ranks.entries()) {
    expect(differences(plan, rank, events)).toEqual([]);
    const own = spans.filter((span) => span.rank === rank);
    const collectives = own.filter(({ kind }) => kind === 'collective').length;
    expect(collectives).toBe(costOf(plan, rank).collectives.length);
    for (const [at, { name, spans: range }] of events.entries()) {
      const [first] = own.slice(range.start, range.end);
      if (first?.kind === 'op') expect(first.op, `event ${at}`).toBe(name);
    }
  }
  // Between collectives nobody else is on the device.
  const ops = spans.filter(({ kind }) => kind === 'op').toSorted((a, b) => a.startMs - b.startMs);
  for (const [i, span] of ops.slice(1).entries()) expect(span.startMs).toBeGreaterThanOrEqual(end(ops[i]));
  // It goes on from there.
  const next = (await worker.call('generate', [task17])) as ModelToken[][];
  expect(next.map((own) => own.map(({ id }) => id))).toEqual(
    Array.from({ length: worldSize }, () => tokens.slice(0, 17)),
  );
});

it('refuse alike what none of them can run, and go on', async () => {
  const { worker } = await open(2);
  await expect(worker.call('prefill', [[4000], false, null])).rejects.toMatchObject({
    code: 'input',
    message: expect.stringContaining('4000 is no token id'),
  });
  await worker.call('prefill', [prompt, false, null]);
  const [own] = (await worker.call('generate', [task17])) as ModelToken[][];
  expect(own?.map(({ id }) => id)).toEqual(tokens.slice(0, 17));
});

function sizeOf({ kind, bytes }: PlannedCall): Pick<PlannedCall, 'kind' | 'bytes'> {
  return { kind, bytes };
}

function end(span: Span | undefined): number {
  return span?.endMs ?? 0;
}
