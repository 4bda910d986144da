import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LabError } from '../base/errors.ts';
import type { DeviceChoice } from '../protocol.ts';
import { createRunLoop, type RunState } from './runLoop.ts';

interface Params {
  readonly ranks: number;
  readonly device: DeviceChoice;
  readonly seed: number;
  readonly bytes?: number;
}

class FakeGroup {
  closed = false;
  end: (error: LabError) => void = () => {};
  readonly ended = new Promise<never>((_, reject) => {
    this.end = reject;
  });

  constructor() {
    this.ended.catch(() => {}); // nobody may be waiting when it rejects
  }

  close(): void {
    this.closed = true;
    this.end(new LabError('closed', 'The group of ranks was closed.'));
  }
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const params = (patch: Partial<Params> = {}): Params => ({ ranks: 2, device: 'cpu', seed: 1, ...patch });

let state: RunState;
let launched: FakeGroup[];
let finished: number[];
let phases: RunState['phase'][];
let rests: number;
let launchMs: number;
let runMs: number;

function createLoop() {
  const set = (patch: Partial<RunState>): void => {
    if (patch.phase !== undefined && patch.phase !== state.phase) phases.push(patch.phase);
    state = { ...state, ...patch };
  };
  return createRunLoop<Params, FakeGroup, number>({
    arenaBytes: ({ bytes = 0 }) => bytes,
    launch: async (_, signal) => {
      const group = new FakeGroup();
      launched.push(group);
      signal.addEventListener('abort', () => group.close());
      await Promise.race([sleep(launchMs), group.ended]);
      return group;
    },
    run: async (group, { seed }) => {
      await Promise.race([sleep(runMs), group.ended]);
      if (seed < 0) throw new LabError('rank-failed', 'Rank 0 failed: negative.');
      if (seed === 0) throw new LabError('input', 'Rank 0 wants no zero.');
      if (seed === 0.5) {
        group.close();
        throw new LabError('input', 'Rank 0 wants no half, and rank 1 does.');
      }
      return seed;
    },
    get: () => state,
    set,
    finish: (run, patch) => {
      finished.push(run);
      set(patch);
    },
    rest: () => rests++,
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  state = { phase: 'idle', failure: null, alive: false };
  [launched, finished, phases, rests, launchMs, runMs] = [[], [], [], 0, 20, 10];
});
afterEach(() => vi.useRealTimers());

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(3000);

describe('the run loop', () => {
  it('is not idle from the moment that something is wanted', async () => {
    const loop = createLoop();
    loop.request(params());
    expect(state.phase).toBe('starting');
    await settle();
    loop.request(params({ seed: 2 }));
    expect(state.phase).toBe('running');
    await settle();
    expect(phases).toEqual(['starting', 'running', 'idle', 'running', 'idle']);
    expect(state).toEqual({ phase: 'idle', failure: null, alive: true });
  });

  it('keeps the ranks between runs, and launches others for another number or device', async () => {
    const loop = createLoop();
    for (const patch of [{}, { seed: 2 }, { ranks: 3 }, { ranks: 3, device: 'auto' as const }]) {
      loop.request(params(patch));
      await settle();
    }
    expect(finished).toEqual([1, 2, 1, 1]);
    expect(launched.map(({ closed }) => closed)).toEqual([true, true, false]);
  });

  it('runs the last of many changes', async () => {
    const loop = createLoop();
    loop.request(params());
    await settle();
    for (let seed = 2; seed <= 9; seed++) {
      loop.request(params({ seed }));
      await vi.advanceTimersByTimeAsync(3);
    }
    await settle();
    expect(finished).toEqual([1, 9]);
  });

  it('gives up a run that takes long when something else is wanted, and not before', async () => {
    runMs = 5000;
    const loop = createLoop();
    loop.request(params());
    await vi.advanceTimersByTimeAsync(2000);
    expect(launched).toHaveLength(1);
    loop.request(params({ seed: 2 }));
    await vi.advanceTimersByTimeAsync(600);
    expect(launched.map(({ closed }) => closed)).toEqual([true, false]);
    await vi.advanceTimersByTimeAsync(6000);
    expect(finished).toEqual([2]);
    expect(state.failure).toBeNull();
  });

  it('has patience with a run, however long its ranks took to start', async () => {
    [launchMs, runMs] = [450, 100];
    const loop = createLoop();
    for (let seed = 1; seed <= 50; seed++) {
      loop.request(params({ seed }));
      await vi.advanceTimersByTimeAsync(90);
    }
    await settle();
    expect(launched.map(({ closed }) => closed)).toEqual([false]);
    expect(finished.length).toBeGreaterThan(10);
    expect(finished.at(-1)).toBe(50);
  });

  it('gives up a launch that takes long when other ranks are wanted', async () => {
    launchMs = 5000;
    const loop = createLoop();
    loop.request(params());
    loop.request(params({ seed: 2 }));
    await vi.advanceTimersByTimeAsync(2000);
    loop.request(params({ ranks: 3 }));
    await vi.advanceTimersByTimeAsync(600);
    expect(launched.map(({ closed }) => closed)).toEqual([true, false]);
    await vi.advanceTimersByTimeAsync(6000);
    expect(finished).toEqual([1]);
  });

  it('stops, and what was stopped is no failure', async () => {
    runMs = 5000;
    const loop = createLoop();
    loop.request(params());
    await vi.advanceTimersByTimeAsync(1000);
    loop.stop();
    expect(state).toEqual({ phase: 'idle', failure: null, alive: false });
    await settle();
    expect([finished, state.phase]).toEqual([[], 'idle']);
    runMs = 10;
    loop.request(params());
    await settle();
    expect(finished).toEqual([1]);
  });

  it('takes back what was wanted', async () => {
    const loop = createLoop();
    loop.request(params());
    loop.request(null);
    await settle();
    expect([finished, state.phase]).toEqual([[], 'idle']);
  });

  it('tells of a failure, until a run ends well', async () => {
    const loop = createLoop();
    loop.request(params({ seed: -1 }));
    await settle();
    expect(state).toMatchObject({ phase: 'idle', alive: false, failure: { code: 'rank-failed' } });
    loop.request(params());
    await settle();
    expect(state).toMatchObject({ alive: true, failure: null });
  });

  it('keeps ranks that have refused alike, and asks them nothing about the run that they refused', async () => {
    const loop = createLoop();
    for (const seed of [1, 0, 2, 0.5, 3]) {
      loop.request(params({ seed }));
      await settle();
      const refused = seed < 1;
      expect(state).toMatchObject({ alive: !refused, failure: refused ? { code: 'input' } : null });
      expect(await loop.ask(async () => 'answer')).toBe(refused ? null : 'answer');
    }
    expect(launched.map(({ closed }) => closed)).toEqual([true, false]);
    expect(finished).toEqual([1, 2, 3]);
  });

  it('launches ranks anew for what their memory does not hold, and only for that', async () => {
    const loop = createLoop();
    for (const bytes of [10, 5, 10, 11, 1]) {
      loop.request(params({ bytes }));
      await settle();
    }
    expect(launched.map(({ closed }) => closed)).toEqual([true, false]);
    expect(finished).toHaveLength(5);
  });

  it('asks ranks that rest, and no others', async () => {
    const loop = createLoop();
    const ask = (): Promise<string | null> => loop.ask(async () => 'answer');
    expect(await ask()).toBeNull();
    loop.request(params());
    expect(await ask()).toBeNull();
    await settle();
    expect(rests).toBe(1);
    expect(await ask()).toBe('answer');
    const failing = await loop.ask(() => Promise.reject(new LabError('deadline', 'late')));
    expect(failing).toBeNull();
    expect(state).toMatchObject({ alive: false, failure: { code: 'deadline', message: 'late' } });
    expect(await ask()).toBeNull();
  });
});
