import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stepsOf } from '../program/plan.ts';
import { planLayer } from '../program/planOf.ts';
import { planSplit } from '../program/splitPlan.ts';
import { createExperimentStore, type LinkedState } from './experiment.ts';
import { type LayerGroup, type LayerKinds, layersExperiment } from './layers/experiment.ts';
import { DEFAULT_PARAMS as LAYERS } from './layers/params.ts';
import type { LayerRun } from './layers/run.ts';
import { specOf } from './layers/spec.ts';
import { type SplitGroup, type SplitKinds, splitExperiment } from './split/experiment.ts';
import { configOf, DEFAULT_PARAMS as SPLIT } from './split/params.ts';
import type { SplitRun } from './split/run.ts';
import { timelineOf } from './split/timeline.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.clearAllMocks();
});

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(2000);

describe('the Split page', () => {
  const runSplit = vi.fn(async (_: SplitGroup, params: SplitKinds['params']) => {
    const plan = planSplit(configOf(params));
    return { params, plan, timeline: timelineOf(plan) } as unknown as SplitRun;
  });
  const experiment = {
    ...splitExperiment,
    launch: async () => ({ closed: false }) as SplitGroup,
    run: runSplit,
    selection: {
      ...splitExperiment.selection,
      open: async (_: SplitGroup, __: SplitRun, cell: SplitKinds['selected']) => ({
        ...cell,
        ranks: [],
        order: [],
      }),
    },
  };
  const splitStore = (from: Partial<LinkedState<SplitKinds>> = {}) =>
    createExperimentStore<SplitKinds>(experiment, from);

  it('is starting from the first moment on', async () => {
    const store = splitStore();
    expect(store.getState().phase).toBe('starting');
    await settle();
    expect(store.getState()).toMatchObject({ phase: 'idle', alive: true, at: 9, problem: null });
  });

  it('is idle, with a problem, where there is nothing that can run', () => {
    const store = splitStore({ params: { ...SPLIT, m: 0 } });
    expect(store.getState()).toMatchObject({ phase: 'idle', problem: expect.stringContaining('M is 0') });
  });

  it('draws weights as stored without another run', async () => {
    const store = splitStore({ selected: { row: 1, col: 2 } });
    await settle();
    store.getState().change({ stored: true });
    expect(store.getState()).toMatchObject({ phase: 'idle', params: { stored: true } });
    await settle();
    expect(runSplit).toHaveBeenCalledTimes(1);
    expect(store.getState().run?.params.stored).toBe(true);
    expect(store.getState().opened).toMatchObject({ row: 1, col: 2 });
  });

  it('draws as was chosen while a run was under way', async () => {
    const store = splitStore();
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
    const store = splitStore();
    await settle();
    store.getState().change({ stored: 'perhaps' as unknown as boolean });
    expect(store.getState().problem).toContain('“perhaps”');
    store.getState().change({ stored: true });
    await settle();
    expect(store.getState()).toMatchObject({ problem: null, run: { params: { stored: true } } });
  });

  it('plays to the end and stops there, and keeps its place over a run', async () => {
    const store = splitStore({ at: 3 });
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
});

describe('the Layers page', () => {
  const launchLayers = vi.fn(async () => ({ closed: false }) as LayerGroup);
  const openTensor = vi.fn(async (_: LayerGroup, __: LayerRun, id: string) => ({ id, ranks: [] }));
  const experiment = {
    ...layersExperiment,
    launch: launchLayers,
    run: async (_: LayerGroup, params: LayerKinds['params']) => {
      const { spec } = specOf(params);
      return { params, spec, plan: planLayer(spec, params.ranks, params) } as unknown as LayerRun;
    },
    selection: { ...layersExperiment.selection, open: openTensor },
  };
  const layersStore = (from: Partial<LinkedState<LayerKinds>> = {}) =>
    createExperimentStore<LayerKinds>(experiment, from);

  it('has the plan before the run, and ends on all done', async () => {
    const store = layersStore();
    const { plan, phase, run } = store.getState();
    expect([phase, run]).toEqual(['starting', null]);
    expect(stepsOf(plan).length).toBeGreaterThan(5);
    await settle();
    expect(store.getState()).toMatchObject({ phase: 'idle', alive: true, at: stepsOf(plan).length });
  });

  it('keeps the last good plan and run while the parameters are not legal', async () => {
    const store = layersStore({ params: { ...LAYERS, ranks: 9 } });
    expect(store.getState()).toMatchObject({ phase: 'idle', problem: expect.stringContaining('ranks is 9') });
    expect(store.getState().plan.worldSize).toBe(LAYERS.ranks);
    store.getState().change({ ranks: 3 });
    await settle();
    store.getState().change({ tokens: 0 });
    await settle();
    expect(store.getState()).toMatchObject({ problem: expect.stringContaining('tokens is 0'), alive: true });
    expect(store.getState().plan.worldSize).toBe(3);
    expect(store.getState().run?.params.ranks).toBe(3);
  });

  it('finds a model for another layer, and drops sizes that are none of it', async () => {
    const store = layersStore();
    store.getState().change({ sizes: { heads: 4, kvHeads: 4 } });
    store.getState().change({ layer: 'mla' });
    expect(store.getState().params).toMatchObject({ preset: 'deepseek-v3', sizes: { heads: 4 } });
    await settle();
    expect(store.getState().run?.params.layer).toBe('mla');
    expect(launchLayers).toHaveBeenCalledTimes(1);
  });

  it('forgets a size that is set back', async () => {
    const store = layersStore();
    const { heads } = specOf(LAYERS).spec.config as { heads: number };
    store.getState().change({ sizes: { heads: 2, kvHeads: 2 } });
    store.getState().change({ sizes: { heads, kvHeads: 2 } });
    expect(store.getState().params.sizes).not.toHaveProperty('heads');
    await settle();
    expect(store.getState().problem).toBeNull();
  });

  it('opens a tensor, again after another run, and closes what the layer has not', async () => {
    const store = layersStore({ selected: 'q' });
    await settle();
    expect(store.getState().opened?.id).toBe('q');
    store.getState().change({ seed: 2 });
    await settle();
    expect(openTensor).toHaveBeenCalledTimes(2);
    store.getState().select('partial');
    expect(store.getState().opened).toBeNull();
    await settle();
    expect(store.getState().opened?.id).toBe('partial');
    store.getState().change({ layer: 'embedding' });
    await settle();
    expect(store.getState().opened?.id).toBe('partial'); // an embedding has one too
    store.getState().select('local ids');
    store.getState().change({ layer: 'head' });
    await settle();
    expect(store.getState()).toMatchObject({ selected: null, opened: { id: 'logits' } }); // the output
  });

  it('opens the last of what was selected while the ranks were answering', async () => {
    const store = layersStore();
    await settle();
    store.getState().select('q');
    store.getState().select('k');
    store.getState().select('v');
    await settle();
    expect(store.getState().opened?.id).toBe('v');
  });

  it('asks nothing of a tensor that the plan does not have', async () => {
    const store = layersStore();
    await settle();
    expect(openTensor.mock.calls.map(([, , id]) => id)).toEqual(['y']); // nothing is selected: the output
    store.getState().select('nonsense');
    await settle();
    expect(openTensor).toHaveBeenCalledTimes(1);
  });

  it('plays the steps from the first to all done', async () => {
    const store = layersStore();
    await settle();
    const steps = stepsOf(store.getState().plan).length;
    store.getState().play();
    expect(store.getState()).toMatchObject({ at: 0, playing: true });
    await vi.advanceTimersByTimeAsync(950);
    expect(store.getState().at).toBe(1);
    store.getState().pause();
    await settle();
    expect(store.getState().at).toBe(1);
    store.getState().step(-5);
    expect(store.getState().at).toBe(0);
    store.getState().play();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(store.getState()).toMatchObject({ at: steps, playing: false });
  });
});
