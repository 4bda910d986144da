/** Groups of ranks in real workers: they start, they answer, and however they end, they end. */

import { afterEach, describe, expect, it, vi } from 'vitest';
import { LabError, launch } from '../../src/index.ts';
import { alive, launchLinear } from './launchLinear.ts';

async function failure(promise: Promise<unknown>): Promise<LabError> {
  try {
    await promise;
  } catch (thrown) {
    if (thrown instanceof LabError) return thrown;
    throw thrown;
  }
  throw new Error('it should have failed');
}

/** Settles once a rank is in the midst of `endless`. */
function inEndless(): Promise<unknown> {
  return new Promise((resolve) => {
    new BroadcastChannel('endless').addEventListener('message', resolve, { once: true });
  });
}

const cpu = { device: 'cpu', timeoutMs: 5000 } as const;

// However a group ended, it leaves no worker behind.
afterEach(() => expect(alive.size).toBe(0));

describe('launch', () => {
  it('runs where the page is isolated, with SharedArrayBuffer and WebGPU', async () => {
    expect(crossOriginIsolated).toBe(true);
    expect(typeof SharedArrayBuffer).toBe('function');
    expect(await navigator.gpu.requestAdapter()).not.toBeNull();
  });

  it.each([1, 2, 3, 5, 8])('sums on %i real workers, any length', async (worldSize) => {
    const group = await launchLinear({ ...cpu, worldSize });
    const lengths = [0, 1, worldSize - 1, 1000, 10_007, 300_000];
    const total = (worldSize * (worldSize + 1)) / 2;
    for (const results of await group.all((rank) => rank.sums(lengths))) {
      for (const [i, data] of results.entries()) {
        expect(data.length).toBe(lengths[i]);
        expect(data.every((value) => value === total)).toBe(true);
      }
    }
    const calls = (await group.trace()).filter((span) => span.kind === 'collective');
    expect(calls).toHaveLength(worldSize * lengths.length);
    await group.close();
  });

  it('a trace of more than 50,000 spans ends nothing: it is whole, or its last part, or none', async () => {
    for (const [trace, kept] of [
      ['all', 60_003],
      [{ last: 1000 }, 1000],
      [undefined, 50_000],
      ['off', 0],
    ] as const) {
      const group = await launchLinear({ ...cpu, worldSize: 2, ...(trace !== undefined && { trace }) });
      await group.all((rank, index) => rank.record(index === 1 ? 60_003 : 0));
      const spans = await group.trace();
      expect([spans.length, spans.at(-1)?.startMs]).toEqual([kept, kept === 0 ? undefined : 60_002]);
      expect(await group.trace()).toHaveLength(0);
      await group.close();
    }
  });

  it('a rank that throws rejects with its number and message, and frees the others', async () => {
    for (const device of ['cpu', 'webgpu'] as const) {
      const group = await launchLinear({ ...cpu, device, worldSize: 4 });
      const started = performance.now();
      const error = await failure(group.all((rank) => rank.failOn(2, 'out of cheese')));
      expect(error).toMatchObject({ code: 'rank-failed', rank: 2, message: 'Rank 2 failed: out of cheese' });
      expect(performance.now() - started).toBeLessThan(4000);
      expect(group.ended.reason).toBe(error);
      expect((await failure(group.all((rank) => rank.sums([1])))).code).toBe('closed');
    }
  });

  it('a rank that never arrives is named at the deadline', async () => {
    const group = await launchLinear({ worldSize: 3, device: 'cpu', timeoutMs: 1500 });
    const error = await failure(group.all((rank) => rank.hangOn(1)));
    expect(error).toMatchObject({ code: 'deadline', rank: 1 });
    expect(error.message).toMatch(/^Rank 1 did not arrive: rank \d waited 1500 ms for it in all_reduce #0/);
  });

  it('a rank whose thread is lost is named by the page', async () => {
    const group = await launchLinear({ worldSize: 3, device: 'cpu', timeoutMs: 1500 });
    const error = await failure(group.all((rank) => rank.spinOn(2)));
    expect(error).toMatchObject({ code: 'deadline', rank: 2 });
    expect(error.message).toMatch(/^Rank 2 did not answer within 1500 ms/);
  });

  it('close() during an all-reduce rejects at once; a second close is nothing', async () => {
    const group = await launchLinear({ ...cpu, worldSize: 4 });
    const running = failure(group.all((rank) => rank.endless(300_000)));
    await inEndless();
    const closed = performance.now();
    await group.close();
    expect((await running).code).toBe('closed');
    expect(performance.now() - closed).toBeLessThan(100);
    await group.close();
  });

  it('an AbortSignal does the same, before, during and after the launch', async () => {
    const early = AbortSignal.abort();
    expect((await failure(launchLinear({ ...cpu, worldSize: 2, signal: early }))).code).toBe('closed');

    const during = new AbortController();
    const launching = failure(launchLinear({ ...cpu, worldSize: 4, signal: during.signal }));
    during.abort();
    expect((await launching).code).toBe('closed');

    const after = new AbortController();
    const group = await launchLinear({ ...cpu, worldSize: 4, signal: after.signal });
    const running = failure(group.all((rank) => rank.endless(300_000)));
    await inEndless();
    const aborted = performance.now();
    after.abort();
    expect((await running).code).toBe('closed');
    expect(performance.now() - aborted).toBeLessThan(100);
    expect(group.closed).toBe(true);
  });

  it('a worker whose script cannot be loaded fails the launch', async () => {
    const program = (): Worker =>
      new Worker(new URL('data:text/javascript,throw new Error("no such rank")'), { type: 'module' });
    const error = await failure(launch({ ...cpu, worldSize: 2, program }));
    expect(error.code).toBe('rank-failed');
    expect(error.message).toMatch(/^The worker of rank \d failed: .*no such rank\.$/);
  });

  it('a worker that cannot be made fails the launch, and leaves none behind', async () => {
    let made = 0;
    const workers: Worker[] = [];
    const program = (): Worker => {
      if (made++ === 2) throw new RangeError('no more workers');
      const worker = new Worker(new URL('./linear.rank.ts', import.meta.url), { type: 'module' });
      vi.spyOn(worker, 'terminate');
      workers.push(worker);
      return worker;
    };
    await expect(launch({ ...cpu, worldSize: 4, program })).rejects.toThrow('no more workers');
    expect(workers).toHaveLength(2);
    for (const worker of workers) expect(worker.terminate).toHaveBeenCalled();
  });

  it('calls that overlap are answered one after another, each with its own sums', async () => {
    const group = await launchLinear({ ...cpu, worldSize: 3 });
    const lengths = [[5, 70_000, 5], [70_000], [1, 2, 3, 4, 5]];
    const answers = await Promise.all(lengths.map((list) => group.all((rank) => rank.sums(list))));
    for (const [i, results] of answers.entries()) {
      for (const sums of results) {
        expect(sums.map((data) => data.length)).toEqual(lengths[i]);
        expect(sums.every((data) => data.every((value) => value === 6))).toBe(true);
      }
    }
    await group.close();
  });

  it('an unknown method is a clear failure', async () => {
    const group = await launchLinear({ ...cpu, worldSize: 2 });
    const call = group.all((rank) => Reflect.get(rank, 'conquer')() as Promise<void>);
    expect((await failure(call)).message).toBe('The rank program has no method conquer().');
    expect(group.closed).toBe(false);
    await group.close();
  });

  it('refuses a worldSize that makes no sense', async () => {
    expect((await failure(launchLinear({ ...cpu, worldSize: 0 }))).message).toMatch(/worldSize is 0/);
  });
});
