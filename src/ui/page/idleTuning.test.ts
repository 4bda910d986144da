import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DeviceInfo } from '#protocol.ts';
import { createIdleTuning } from './idleTuning.ts';

const GPU: DeviceInfo = { kind: 'webgpu', label: '', software: false, adapter: {}, timestamps: true };
const answered = (device: DeviceInfo) =>
  ({ phase: 'idle', failure: null, alive: true, run: { devices: [device] } }) as const;
const RUNNING = { phase: 'running', failure: null, alive: true, run: null } as const;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function idleTuning(isFree = true) {
  const hands = { isFree: () => isFree, tune: vi.fn(), giveWay: vi.fn() };
  return { ...hands, told: createIdleTuning(hands) };
}

test('begins some seconds after an answer of a real GPU', () => {
  const { told, tune, giveWay } = idleTuning();
  told(RUNNING);
  vi.advanceTimersByTime(60_000);
  expect(tune).not.toHaveBeenCalled();
  expect(giveWay).toHaveBeenCalledOnce();
  told(answered(GPU));
  vi.advanceTimersByTime(3000);
  expect(tune).not.toHaveBeenCalled();
  vi.advanceTimersByTime(3000);
  expect(tune).toHaveBeenCalledOnce();
});

test('waits anew where something runs meanwhile, and not at all beside another page that is busy', () => {
  const { told, tune } = idleTuning();
  told(answered(GPU));
  vi.advanceTimersByTime(3000);
  told(RUNNING);
  vi.advanceTimersByTime(60_000);
  expect(tune).not.toHaveBeenCalled();
  const busy = idleTuning(false);
  busy.told(answered(GPU));
  vi.advanceTimersByTime(60_000);
  expect(busy.tune).not.toHaveBeenCalled();
});

test('leaves a software adapter, a CPU and ranks that are gone alone', () => {
  const { told, tune } = idleTuning();
  for (const state of [
    answered({ ...GPU, software: true }),
    answered({ ...GPU, kind: 'cpu' }),
    { ...answered(GPU), alive: false },
  ]) {
    told(state);
    vi.advanceTimersByTime(60_000);
  }
  expect(tune).not.toHaveBeenCalled();
});
