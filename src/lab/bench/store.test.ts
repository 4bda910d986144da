import { expect, it, vi } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { DEFAULT_OPTIONS } from '../../bench/options.ts';
import type { BenchResult } from '../../bench/record.ts';
import { resultOf } from '../../bench/testing/resultOf.ts';
import type { BenchHistory } from './history.ts';
import type { runBench } from './runner.ts';
import { createBenchStore } from './store.ts';
import { keptRun, memory, readHere } from './testing/standIns.ts';

vi.stubGlobal('document', { hidden: false });
vi.stubGlobal('navigator', { userAgent: 'test', hardwareConcurrency: 2 });
vi.stubGlobal('__COMMIT__', '');
vi.stubGlobal('crossOriginIsolated', true);

const OPTIONS = { ...DEFAULT_OPTIONS, devices: ['cpu'] as const, ranks: [2], sizes: [4, 1024, 4096] };

function sumOf(bytes: number): BenchResult {
  return resultOf({ bytes, samplesMs: [1, 2, 3] }, 2);
}

/** A runner whose results come when the test says so. */
function steps() {
  let step: (bytes: number) => Promise<void> = async () => {};
  let end: (error?: Error) => void = () => {};
  const run: typeof runBench = (_, runner) =>
    new Promise((resolve, reject) => {
      step = async (bytes) => {
        await runner.resumed();
        if (!runner.signal.aborted) runner.onResult(sumOf(bytes));
      };
      end = (error) => (error === undefined ? resolve() : reject(error));
      runner.signal.addEventListener('abort', () => reject(new LabError('closed', 'stopped')));
    });
  return { run, step: (bytes: number) => step(bytes), end: (error?: Error) => end(error) };
}

/** What follows from a step follows at once: all of it is promises. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

function open(history: BenchHistory | Error, runner = steps()) {
  const store = createBenchStore({
    options: OPTIONS,
    runBench: runner.run,
    read: readHere,
    openHistory: async () => {
      if (history instanceof Error) throw history;
      return history;
    },
  });
  return { store, runner, state: store.getState };
}

it('starts nothing by itself', async () => {
  const { state } = open(memory());
  await settle();
  expect(state()).toMatchObject({ phase: 'idle', runs: [], shown: null, opened: true, keepProblem: null });
});

it('shows results as they come, and keeps what was done when the page goes away', async () => {
  const history = memory();
  const { state, runner } = open(history);
  state().run();
  await settle();
  await runner.step(4);
  await runner.step(1024);
  await settle();
  const shown = state().shown ?? '';
  expect(state().results.get(shown)).toHaveLength(2);

  const { state: after } = open(history); // as a reload in the middle
  await settle();
  expect(after().runs).toMatchObject([{ state: 'incomplete', done: 2, total: 15 }]);
  expect(after().shown).toBe(shown);
  expect(
    after()
      .results.get(shown)
      ?.map(({ bytes }) => bytes),
  ).toEqual([4, 1024]);
});

it('pauses, resumes and ends', async () => {
  const { state, runner } = open(memory());
  state().run();
  await settle();
  state().pause();
  const waiting = runner.step(4);
  await settle();
  expect(state().runs[0]?.done).toBe(0);
  state().resume();
  await waiting;
  runner.end();
  await settle();
  expect(state()).toMatchObject({ phase: 'idle', failure: null });
  expect(state().runs).toMatchObject([{ state: 'complete', done: 1 }]);
});

it('stops, also out of a pause, and takes it for no failure', async () => {
  const { state, runner } = open(memory());
  state().run();
  await settle();
  await runner.step(4);
  state().pause();
  state().stop();
  await settle();
  expect(state()).toMatchObject({ phase: 'idle', failure: null });
  expect(state().runs).toMatchObject([{ state: 'stopped', done: 1 }]);
});

it('says why a run ended', async () => {
  const { state, runner } = open(memory());
  state().run();
  await settle();
  runner.end(new LabError('environment', 'No workers here.'));
  await settle();
  expect(state().failure).toEqual({ code: 'environment', message: 'No workers here.' });
});

it('works where nothing can be kept', async () => {
  const { state, runner } = open(new Error('storage is off'));
  await settle();
  expect(state().keepProblem).toBe('Runs are not kept beyond this visit: storage is off.');
  state().run();
  await settle();
  await runner.step(4);
  runner.end();
  await settle();
  expect(state().runs).toHaveLength(1);
});

it('goes on where the disk is full in the middle, and keeps all once there is room again', async () => {
  const history = memory();
  await history.putHeader(keptRun('old'));
  await history.putResult('old', 0, sumOf(4));
  let full = true;
  const { state, runner } = open({
    ...history,
    putResult: async (...args) =>
      full ? Promise.reject(new Error('The quota is exceeded.')) : history.putResult(...args),
    remove(id) {
      full = false;
      return history.remove(id);
    },
  });
  await settle();
  state().run();
  await settle();
  await runner.step(4);
  await runner.step(1024);
  await settle();
  expect(state().keepProblem).toMatch(
    /^New results are no longer kept beyond this visit: The quota is exceeded\. What was kept .* Delete runs/,
  );
  const shown = state().shown ?? '';
  expect(state().results.get(shown)).toHaveLength(2);

  state().toggleOverlay('old');
  await settle();
  expect(state().results.get('old')).toEqual([sumOf(4)]);

  state().remove('old');
  await settle();
  expect(state().keepProblem).toBe(null);
  await runner.step(4096);
  runner.end();
  await settle();
  expect((await history.headers()).map(({ id, state, done }) => [id, state, done])).toEqual([
    [shown, 'complete', 3],
  ]);
  expect((await history.results(shown)).map(({ bytes }) => bytes)).toEqual([4, 1024, 4096]);
});

it('does not run what cannot run', async () => {
  const { state } = open(memory());
  state().change({ ranks: [9] });
  expect(state().problem).toMatch(/^A number of ranks is 9/);
  state().run();
  expect(state().phase).toBe('idle');
});

it('lays an imported record that is shown over the run that is begun', async () => {
  const { state } = open(memory());
  await settle();
  const record = { schema: 'ringside-bench/1', environment: keptRun('').environment, results: [sumOf(4)] };
  await state().importFrom(JSON.stringify(record), 'cluster.json');
  const imported = state().shown;
  state().run();
  expect(state().shown).not.toBe(imported);
  expect(state().overlays).toEqual([imported]);
  state().stop();
  await settle();
  const own = state().shown;
  state().run();
  expect([state().shown === own, state().overlays]).toEqual([false, [imported]]);
});

it('imports over what is shown, compares, renames and forgets', async () => {
  const history = memory();
  const { state } = open(history);
  await settle();
  const environment = {
    userAgent: 'torch',
    adapter: {},
    cores: 2,
    crossOriginIsolated: null,
    date: '',
    commit: '',
  };
  const text = JSON.stringify({ schema: 'ringside-bench/1', environment, results: [sumOf(4)] });
  expect(await state().importFrom(new Blob([text]), 'a.json')).toBe(true);
  expect(await state().importFrom(text, 'b.json')).toBe(true);
  const [b = '', a = ''] = state().runs.map(({ id }) => id);
  expect(state()).toMatchObject({ shown: a, overlays: [b], importProblem: null });
  expect(await state().importFrom('{', 'c.json')).toBe(false);
  expect(state().importProblem).toMatch(/^c\.json: The file is neither JSON nor CSV/);
  state().compareWith(b);
  state().rename(b, ' Cluster ');
  expect(state().runs[0]?.name).toBe('Cluster');
  await settle();
  state().remove(b);
  await settle();
  expect(state()).toMatchObject({ base: null, overlays: [], shown: a });
  expect((await history.headers()).map(({ id }) => id)).toEqual([a]);
});
