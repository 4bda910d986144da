import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { stepsOf } from '../../program/plan.ts';
import { planLayer } from '../../program/planOf.ts';
import { type LayerGroup, launchLayers, openTensor, runLayer } from './experiment.ts';
import { DEFAULT_PARAMS, type LayerParams, specOf } from './params.ts';
import type { LayerRun } from './run.ts';
import { createLayersStore } from './store.ts';

vi.mock('./experiment.ts', async (original) => ({
  ...(await original<typeof import('./experiment.ts')>()),
  launchLayers: vi.fn(),
  runLayer: vi.fn(),
  openTensor: vi.fn(),
}));

beforeEach(() => {
  vi.useFakeTimers();
  vi.mocked(launchLayers).mockImplementation(async () => ({ closed: false }) as LayerGroup);
  vi.mocked(runLayer).mockImplementation(async (_, params: LayerParams) => {
    const { spec } = specOf(params);
    return { params, spec, plan: planLayer(spec, params.ranks, params) } as unknown as LayerRun;
  });
  vi.mocked(openTensor).mockImplementation(async (_, id) => ({ id, ranks: [] }));
});
afterEach(() => {
  vi.useRealTimers();
  vi.clearAllMocks();
});

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(2000);

it('has the plan before the run, and ends on all done', async () => {
  const store = createLayersStore();
  const { plan, phase, run } = store.getState();
  expect([phase, run]).toEqual(['starting', null]);
  expect(stepsOf(plan).length).toBeGreaterThan(5);
  await settle();
  expect(store.getState()).toMatchObject({ phase: 'idle', alive: true, at: stepsOf(plan).length });
});

it('keeps the last good plan and run while the parameters are not legal', async () => {
  const store = createLayersStore({ params: { ...DEFAULT_PARAMS, ranks: 9 } });
  expect(store.getState()).toMatchObject({ phase: 'idle', problem: expect.stringContaining('ranks is 9') });
  expect(store.getState().plan.worldSize).toBe(DEFAULT_PARAMS.ranks);
  store.getState().change({ ranks: 3 });
  await settle();
  store.getState().change({ tokens: 0 });
  await settle();
  expect(store.getState()).toMatchObject({ problem: expect.stringContaining('tokens is 0'), alive: true });
  expect(store.getState().plan.worldSize).toBe(3);
  expect(store.getState().run?.params.ranks).toBe(3);
});

it('finds a model for another layer, and drops sizes that are none of it', async () => {
  const store = createLayersStore();
  store.getState().change({ sizes: { heads: 4, kvHeads: 4 } });
  store.getState().change({ layer: 'mla' });
  expect(store.getState().params).toMatchObject({ preset: 'deepseek-v3', sizes: { heads: 4 } });
  await settle();
  expect(store.getState().run?.params.layer).toBe('mla');
  expect(launchLayers).toHaveBeenCalledTimes(1);
});

it('forgets a size that is set back', async () => {
  const store = createLayersStore();
  const { heads } = specOf(DEFAULT_PARAMS).spec.config as { heads: number };
  store.getState().change({ sizes: { heads: 2, kvHeads: 2 } });
  store.getState().change({ sizes: { heads, kvHeads: 2 } });
  expect(store.getState().params.sizes).not.toHaveProperty('heads');
  await settle();
  expect(store.getState().problem).toBeNull();
});

it('opens a tensor, again after another run, and closes what the layer has not', async () => {
  const store = createLayersStore({ selected: 'q' });
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
  const store = createLayersStore();
  await settle();
  store.getState().select('q');
  store.getState().select('k');
  store.getState().select('v');
  await settle();
  expect(store.getState().opened?.id).toBe('v');
});

it('asks nothing of a tensor that the plan does not have', async () => {
  const store = createLayersStore();
  await settle();
  expect(vi.mocked(openTensor).mock.calls.map(([, id]) => id)).toEqual(['y']); // nothing is selected: the output
  store.getState().select('nonsense');
  await settle();
  expect(openTensor).toHaveBeenCalledTimes(1);
});

it('plays the steps from the first to all done', async () => {
  const store = createLayersStore();
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
