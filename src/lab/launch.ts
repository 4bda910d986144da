/** Starts a group of ranks, each in a worker of its own, and talks to them. */

import * as Comlink from 'comlink';
import { LabError } from '../base/errors.ts';
import type { Span } from '../base/trace.ts';
import { abortGroup } from '../comm/abort.ts';
import {
  allocateGroup,
  attachGroup,
  type GroupMemory,
  type GroupOptions,
  progressOf,
} from '../comm/memory.ts';
import type { DeviceChoice, DeviceInfo, Outcome, RankHost } from '../protocol.ts';

export interface LaunchOptions {
  /** 1 to 64. */
  readonly worldSize: number;
  /** Makes the worker of a rank, whose script calls serve(). */
  readonly program: () => Worker;
  /** Default `auto`: webgpu where an adapter answers. */
  readonly device?: DeviceChoice;
  /** A deadline for every wait, of a rank for another and of the page for a rank. Default 30 000. */
  readonly timeoutMs?: number;
  /** Closes the group. */
  readonly signal?: AbortSignal;
  readonly memory?: GroupOptions;
}

/** The page waits a little longer than the ranks, whose own errors say more. */
const GRACE_MS = 1000;
/** After one rank failed, how long to wait for the others, whose failure may be the cause. */
const SETTLE_MS = 250;
const WATCH_MS = 100;

/**
 * Starts worldSize workers and waits until each has its device and its program.
 * @throws LabError `environment`, `input`, `device`, `deadline` or `closed`; then no worker is left behind
 */
export async function launch<P extends object>(options: LaunchOptions): Promise<RankGroup<P>> {
  const { worldSize, device = 'auto', timeoutMs = 30_000, signal } = options;
  if (!(timeoutMs > 0)) throw new LabError('input', `timeoutMs is ${timeoutMs}; it must be more than 0.`);
  if (signal?.aborted) throw new LabError('closed', 'The launch was aborted before it began.');
  const memory = allocateGroup(worldSize, { cores: navigator.hardwareConcurrency, ...options.memory });
  const group = new RankGroup<P>(memory, worldSize, timeoutMs);
  // A long-lived signal must not keep the memory of groups that are closed.
  signal?.addEventListener('abort', () => void group.close(), { once: true, signal: group.ended });
  try {
    await group.start(options.program, device);
    return group;
  } catch (thrown) {
    await group.close();
    throw thrown;
  }
}

export class RankGroup<P extends object> {
  readonly worldSize: number;
  readonly #memory: WebAssembly.Memory;
  readonly #group: GroupMemory;
  readonly #timeoutMs: number;
  readonly #workers: Worker[] = [];
  readonly #hosts: Comlink.Remote<RankHost>[] = [];
  #devices: readonly DeviceInfo[] = [];
  readonly #closing = new AbortController();
  /** Rejects when a worker dies or the group is closed: what every wait of the page races against. */
  readonly #end: Promise<never>;
  #reject: (error: LabError) => void = () => {};

  constructor(memory: WebAssembly.Memory, worldSize: number, timeoutMs: number) {
    this.worldSize = worldSize;
    this.#memory = memory;
    this.#group = attachGroup(memory);
    this.#timeoutMs = timeoutMs;
    this.#end = new Promise((_, reject) => {
      this.#reject = reject;
    });
    this.#end.catch(() => {}); // nobody may be waiting when it rejects
  }

  /** The device of each rank. */
  get devices(): readonly DeviceInfo[] {
    return this.#devices;
  }

  get closed(): boolean {
    return this.ended.aborted;
  }

  /** Aborts when the group is closed, by whomever. */
  get ended(): AbortSignal {
    return this.#closing.signal;
  }

  /** Makes the workers and gives each its place. Called once, by {@link launch}. */
  async start(program: () => Worker, device: DeviceChoice): Promise<void> {
    for (let rank = 0; rank < this.worldSize; rank++) {
      const worker = program();
      // Comlink never settles a call to a worker that failed to load or died.
      worker.addEventListener('error', (event) =>
        this.#fail(rank, event.message || 'its script could not be loaded'),
      );
      worker.addEventListener('messageerror', () => this.#fail(rank, 'a message to it could not be read'));
      this.#workers.push(worker);
      this.#hosts.push(Comlink.wrap<RankHost>(worker));
    }
    const [memory, timeoutMs] = [this.#memory, this.#timeoutMs];
    this.#devices = await this.#gather('start', async (host, rank) =>
      unwrap(await host.init({ rank, memory, device, timeoutMs })),
    );
  }

  /**
   * Calls every rank's program at once and waits for all answers, in rank order.
   * @throws LabError with the number and message of the rank that failed; the group is then closed
   */
  all<T>(call: (rank: Comlink.Remote<P>, index: number) => Promise<T>): Promise<T[]> {
    return this.#gather('answer', (host, index) => call(this.#remote(host), index));
  }

  /**
   * What the ranks recorded since the last call, in rank order.
   * @throws LabError `input` where that is more than a rank keeps: sums over the rest would be short
   */
  async trace(): Promise<Span[]> {
    const traces = await this.#gather('hand over its trace', async (host) => unwrap(await host.trace()));
    for (const [rank, { spans, dropped }] of traces.entries()) {
      if (dropped === 0) continue;
      const all = (spans.length + dropped).toLocaleString('en');
      const message = `Rank ${rank} did more than can be kept: ${dropped.toLocaleString('en')} of ${all} spans are missing. Make the sizes smaller.`;
      throw new LabError('input', message, { rank });
    }
    return traces.flatMap((trace) => trace.spans);
  }

  /** Frees ranks from every wait, ends the workers and rejects what is pending. Safe to call twice. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.#closing.abort();
    abortGroup(this.#group, { kind: 'closed' });
    this.#reject(new LabError('closed', 'The group of ranks was closed.'));
    for (const worker of this.#workers) worker.terminate();
  }

  /** The rank's program as a Comlink remote: each method call is a `call` to its host, failures thrown. */
  #remote(host: Comlink.Remote<RankHost>): Comlink.Remote<P> {
    const get = (_: object, method: string | symbol): unknown => {
      if (typeof method !== 'string' || method === 'then') return undefined; // not a promise
      return async (...args: unknown[]) => unwrap(await host.call(method, ...args));
    };
    return new Proxy({}, { get }) as Comlink.Remote<P>;
  }

  /** Waits for all ranks, the end of the group, or a deadline, whichever comes first. */
  async #gather<T>(
    verb: string,
    ask: (host: Comlink.Remote<RankHost>, rank: number) => Promise<T>,
  ): Promise<T[]> {
    if (this.closed) throw new LabError('closed', 'The group of ranks is closed. Launch a new one.');
    const waiting = new Set(this.#hosts.keys());
    const errors = new Map<number, unknown>();
    const asked = this.#hosts.map(async (host, rank) => {
      try {
        return await ask(host, rank);
      } catch (thrown) {
        errors.set(rank, thrown);
        throw thrown;
      } finally {
        waiting.delete(rank);
      }
    });
    const watch = this.#watch(waiting, verb);
    try {
      return await Promise.race([Promise.all(asked), this.#end, watch.late]);
    } catch (thrown) {
      if (this.closed) throw thrown;
      // The first to complain is often one that was freed because another failed: let that one speak too.
      const settle = new Promise((done) => setTimeout(done, SETTLE_MS));
      await Promise.race([Promise.allSettled(asked), settle]);
      await this.close();
      throw (
        [...errors].find(([rank, error]) => error instanceof LabError && error.rank === rank)?.[1] ?? thrown
      );
    } finally {
      watch.stop();
    }
  }

  /** Rejects once neither an answer nor a step of a collective has come for the time-out. */
  #watch(waiting: ReadonlySet<number>, verb: string): { late: Promise<never>; stop: () => void } {
    let timer: ReturnType<typeof setInterval> | undefined;
    const late = new Promise<never>((_, reject) => {
      let seen = '';
      let since = performance.now();
      timer = setInterval(() => {
        const signs = `${[...waiting].join()}/${progressOf(this.#group).join()}`;
        if (signs !== seen) since = performance.now();
        seen = signs;
        if (performance.now() - since < this.#timeoutMs + GRACE_MS) return;
        const who = `Rank${waiting.size > 1 ? 's' : ''} ${[...waiting].join(', ')}`;
        const [rank = 0] = waiting;
        const message = `${who} did not ${verb} within ${this.#timeoutMs} ms, nor take a step of a collective.`;
        reject(new LabError('deadline', message, { rank }));
      }, WATCH_MS);
    });
    late.catch(() => {}); // it may reject after the race is decided
    return { late, stop: () => clearInterval(timer) };
  }

  #fail(rank: number, message: string): void {
    abortGroup(this.#group, { kind: 'rank-failed', rank });
    this.#reject(new LabError('rank-failed', `The worker of rank ${rank} failed: ${message}.`, { rank }));
  }
}

/** The value, or the failure as a LabError that names the rank. */
function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  const { code, message, rank, stack } = outcome.failure;
  if (code !== 'unknown') throw new LabError(code, message, { rank, cause: stack });
  throw new LabError('rank-failed', `Rank ${rank} failed: ${message}`, { rank, cause: stack });
}
