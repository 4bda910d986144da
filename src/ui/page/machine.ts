/**
 * Who has the machine. To a benchmark, the ranks of other pages give way, and come back when their page is looked at;
 * for as long as it is, the benchmark pauses. So nothing runs beside what is measured.
 */

import type { RunState } from '#lab/runLoop.ts';

/** A store that keeps its ranks while another page is looked at. */
interface Keeper {
  getState(): Pick<RunState, 'phase' | 'alive'> & { stop(): void; rerun(): void };
}

interface Benchmark {
  getState(): { readonly phase: 'idle' | 'running' | 'paused'; pause(): void; resume(): void };
}

/** The stores that were opened, and whether their ranks gave way. */
const keepers = new Map<Keeper, boolean>();
let benchmark: Benchmark | null = null;
/** Whether the benchmark pauses for a look at another page, and not because somebody wished it. */
let waits = false;

/** Whether nothing runs, on any page that was opened. */
export function isFree(): boolean {
  const isIdle = benchmark === null || benchmark.getState().phase === 'idle';
  return isIdle && [...keepers.keys()].every((store) => store.getState().phase === 'idle');
}

/** To be called whenever the page of a store is opened. */
export function lookAt(store: Keeper): void {
  if (benchmark?.getState().phase === 'running') {
    benchmark.getState().pause();
    waits = true;
  }
  if (keepers.get(store) === true) store.getState().rerun();
  keepers.set(store, false);
}

/** To be called whenever the page of the benchmark is opened. */
export function lookAtBenchmark(store: Benchmark): void {
  benchmark = store;
  if (store.getState().phase !== 'idle') clearMachine();
  if (waits) store.getState().resume();
  waits = false;
}

/** Ends the ranks that others keep, and what they are doing. To be called when a benchmark starts. */
export function clearMachine(): void {
  for (const store of keepers.keys()) {
    const { phase, alive, stop } = store.getState();
    if (phase === 'idle' && !alive) continue;
    stop();
    keepers.set(store, true);
  }
}
