/** The run under way: begun, paused, resumed, stopped; each result goes to the list as it comes. */

import { LabError, messageOf } from '../../base/errors.ts';
import type { BenchOptions } from '../../bench/options.ts';
import type { DeviceInfo } from '../../protocol.ts';
import { newId, pageEnvironment } from './headers.ts';
import type { RunList } from './runList.ts';
import { estimateOf, type runBench } from './runner.ts';
import type { BenchState } from './state.ts';

export interface RunControl {
  /** Does nothing where a run is under way, or the options cannot run. */
  start(): Promise<void>;
  pause(): void;
  resume(): void;
  stop(): void;
}

interface RunControlOptions {
  readonly get: () => BenchState;
  readonly set: (patch: Partial<BenchState>) => void;
  readonly list: RunList;
  readonly runBench: typeof runBench;
}

export function createRunControl({ get, set, list, runBench: measure }: RunControlOptions): RunControl {
  let controller: AbortController | null = null;
  let pause: { readonly over: Promise<void>; readonly end: () => void } | null = null;

  /** Whether the run under way ever was: what it takes is then not its own. */
  let paused = false;

  const endPause = (): void => {
    pause?.end();
    pause = null;
  };

  /** A run's devices are known once its first group of ranks on each is up. */
  const addDevice = (id: string, device: DeviceInfo): void => {
    const run = get().runs.find((one) => one.id === id);
    if (run === undefined || run.devices.some(({ kind }) => kind === device.kind)) return;
    const { adapter } = pageEnvironment(device);
    list.change(id, {
      devices: [...run.devices, device],
      environment: { ...run.environment, ...(device.kind === 'webgpu' && { adapter }) },
    });
  };

  const add = (options: BenchOptions): string => {
    const id = newId();
    const environment = pageEnvironment(null);
    list.add(
      {
        id,
        name: nameOf(options),
        imported: false,
        options,
        environment,
        devices: [],
        date: environment.date,
        total: estimateOf(options).cases,
        done: 0,
        state: 'running',
      },
      [],
    );
    return id;
  };

  return {
    async start() {
      const { options, problem, phase } = get();
      if (problem !== null || phase !== 'idle') return;
      controller = new AbortController();
      const { signal } = controller;
      const { runs, shown, overlays } = get();
      const imported = runs.filter((run) => run.imported && run.id === shown).map((run) => run.id);
      const id = add(options);
      set({
        phase: 'running',
        progress: null,
        failure: null,
        wasHidden: false,
        shown: id,
        overlays: [...overlays, ...imported], // a cluster's record was fetched to be seen beside this machine's
      });
      paused = false;
      const startMs = performance.now();
      try {
        await measure(options, {
          signal,
          resumed: () => pause?.over ?? Promise.resolve(),
          onProgress: (progress) => set({ progress, wasHidden: get().wasHidden || document.hidden }),
          onResult: (result) => list.append(id, result),
          onDevice: (device) => addDevice(id, device),
        });
        const tookMs = performance.now() - startMs;
        list.change(id, { state: 'complete', ...(!paused && { tookMs }) });
      } catch (thrown) {
        const code = thrown instanceof LabError ? thrown.code : 'unknown';
        list.change(id, { state: 'stopped' });
        if (code !== 'closed') set({ failure: { code, message: messageOf(thrown) } });
      } finally {
        controller = null;
        endPause();
        set({ phase: 'idle', progress: null });
      }
    },
    pause() {
      if (get().phase !== 'running') return;
      let end: () => void = () => {};
      const over = new Promise<void>((resolve) => {
        end = resolve;
      });
      paused = true;
      pause = { over, end };
      set({ phase: 'paused' });
    },
    resume() {
      if (get().phase !== 'paused') return;
      set({ phase: 'running' });
      endPause();
    },
    stop() {
      controller?.abort();
      endPause();
    },
  };
}

/** "Collectives, layers" */
function nameOf({ suites }: BenchOptions): string {
  const words = suites.map((suite) => (suite === 'gemm' ? 'kernels' : suite)).join(', ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
