import { expect, it, vi } from 'vitest';
import type { RunState } from '#lab/runLoop.ts';
import { clearMachine, lookAt, lookAtBenchmark } from './machine.ts';

function page(state: Pick<RunState, 'phase' | 'alive'>) {
  const stop = vi.fn(() => {
    state = { phase: 'idle', alive: false };
  });
  const rerun = vi.fn(() => {
    state = { phase: 'running', alive: false };
  });
  return { getState: () => ({ ...state, failure: null, stop, rerun }), stop, rerun };
}

it('ends what runs and what rests, and brings it back at the next look, once', () => {
  const pages = [page({ phase: 'running', alive: false }), page({ phase: 'idle', alive: true })];
  for (const one of pages) lookAt(one);
  for (const one of pages) expect(one.rerun).not.toHaveBeenCalled();
  clearMachine();
  for (const one of pages) {
    expect(one.stop).toHaveBeenCalledTimes(1);
    expect(one.rerun).not.toHaveBeenCalled();
    lookAt(one);
    lookAt(one);
    expect(one.rerun).toHaveBeenCalledTimes(1);
  }
});

it('leaves alone what was stopped by hand or is gone', () => {
  const stopped = page({ phase: 'idle', alive: false });
  lookAt(stopped);
  clearMachine();
  lookAt(stopped);
  expect(stopped.stop).not.toHaveBeenCalled();
  expect(stopped.rerun).not.toHaveBeenCalled();
});

it('ends them again where a look brought them back', () => {
  const looked = page({ phase: 'idle', alive: true });
  lookAt(looked);
  clearMachine();
  lookAt(looked);
  clearMachine();
  expect(looked.stop).toHaveBeenCalledTimes(2);
});

function benchmark(phase: 'idle' | 'running' | 'paused') {
  const pause = vi.fn(() => {
    phase = 'paused';
  });
  const resume = vi.fn(() => {
    phase = 'running';
  });
  return { getState: () => ({ phase, pause, resume }), pause, resume };
}

it('pauses a benchmark while another page is looked at', () => {
  const bench = benchmark('running');
  const looked = page({ phase: 'idle', alive: true });
  lookAtBenchmark(bench);
  lookAt(looked);
  expect(bench.getState().phase).toBe('paused');
  lookAtBenchmark(bench);
  expect(bench.getState().phase).toBe('running');
  expect(looked.stop).toHaveBeenCalledTimes(1);
});

it('goes on with nothing that was paused by hand or has ended', () => {
  const bench = benchmark('paused');
  lookAtBenchmark(bench);
  lookAt(page({ phase: 'idle', alive: true }));
  lookAtBenchmark(bench);
  expect(bench.resume).not.toHaveBeenCalled();
});
