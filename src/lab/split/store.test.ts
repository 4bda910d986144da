import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { planSplit } from '../../program/splitPlan.ts';
import { launchSplit, probeCell, runSplit, type SplitGroup } from './experiment.ts';
import { configOf, DEFAULT_PARAMS, type SplitParams } from './params.ts';
import type { SplitRun } from './run.ts';
import { createSplitStore } from './store.ts';
import { timelineOf } from './timeline.ts';

vi.mock('./experiment.ts');

beforeEach(() => {
  vi.useFakeTimers();
  vi.mocked(launchSplit).mockImplementation(async () => ({ closed: false }) as SplitGroup);
  vi.mocked(runSplit).mockImplementation(async (_, params: SplitParams) => {
    const plan = planSplit(configOf(params));
    return { params, plan, timeline: timelineOf(plan) } as unknown as SplitRun;
  });
  vi.mocked(probeCell).mockImplementation(async (_, __, { row, col }) => ({
    row,
    col,
    ranks: [],
    order: [],
  }));
});
afterEach(() => {
  vi.useRealTimers();
  vi.clearAllMocks();
});

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(2000);

it('is starting from the first moment on', async () => {
  const store = createSplitStore();
  expect(store.getState().phase).toBe('starting');
  await settle();
  expect(store.getState()).toMatchObject({ phase: 'idle', alive: true, at: 9, problem: null });
});

it('is idle, with a problem, where there is nothing that can run', () => {
  const store = createSplitStore({ params: { ...DEFAULT_PARAMS, m: 0 } });
  expect(store.getState()).toMatchObject({ phase: 'idle', problem: expect.stringContaining('M is 0') });
});

it('draws weights as stored without another run', async () => {
  const store = createSplitStore({ cell: { row: 1, col: 2 } });
  await settle();
  store.getState().change({ stored: true });
  expect(store.getState()).toMatchObject({ phase: 'idle', params: { stored: true } });
  await settle();
  expect(runSplit).toHaveBeenCalledTimes(1);
  expect(store.getState().run?.params.stored).toBe(true);
  expect(store.getState().probe).toMatchObject({ row: 1, col: 2 });
});

it('draws as was chosen while a run was under way', async () => {
  const store = createSplitStore();
  store.getState().change({ stored: true });
  await settle();
  expect(runSplit).toHaveBeenCalledTimes(1);
  expect(store.getState().run?.params.stored).toBe(true);
  store.getState().change({ stored: false, ranks: 3 });
  await settle();
  expect(runSplit).toHaveBeenCalledTimes(2);
  expect(store.getState().run?.params).toMatchObject({ stored: false, ranks: 3 });
});

it('runs once what could not run is mended', async () => {
  const store = createSplitStore();
  await settle();
  store.getState().change({ stored: 'perhaps' as unknown as boolean });
  expect(store.getState().problem).toContain('“perhaps”');
  store.getState().change({ stored: true });
  await settle();
  expect(store.getState()).toMatchObject({ problem: null, run: { params: { stored: true } } });
});

it('plays to the end and stops there, and keeps its place over a run', async () => {
  const store = createSplitStore({ at: 3 });
  await settle();
  expect(store.getState().at).toBe(3);
  store.getState().change({ seed: 2 });
  await settle();
  expect(store.getState().at).toBe(3);
  store.getState().play();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(store.getState()).toMatchObject({
    at: (store.getState().run?.timeline.length ?? 0) - 1,
    playing: false,
  });
});
