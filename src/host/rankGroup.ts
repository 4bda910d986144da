/** A group of ranks, each in a worker of its own, as the page holds it. */

import * as Comlink from 'comlink';
import { describeValue } from '../base/describe.ts';
import { LabError } from '../base/errors.ts';
import type { Span, TraceChoice } from '../base/trace.ts';
import type { DeviceChoice, DeviceInfo } from '../device/device.ts';
import { abortGroup } from '../group/abort.ts';
import { attachGroup, type GroupMemory } from '../group/memory.ts';
import { forgetRefusals } from '../group/refusal.ts';
import type { RankHost } from '../protocol.ts';
import type { TunedKernels } from '../tuning/table.ts';
import { disagreement, isRefusal, ownErrors } from './blame.ts';
import type { RankProxy } from './rankProxy.ts';
import { isUncaught, remoteOf, unwrap } from './remote.ts';
import { watchRanks } from './watch.ts';

/** After one rank failed, how long to wait for the others, whose failure may be the cause. */
const SETTLE_MS = 250;

export interface StartOptions {
  readonly memory: WebAssembly.Memory;
  readonly worldSize: number;
  readonly program: () => Worker;
  readonly device: DeviceChoice;
  readonly softwareGpu: boolean;
  readonly timeoutMs: number;
  readonly trace: TraceChoice;
  readonly tuned: TunedKernels;
  readonly signal: AbortSignal | undefined;
}

/** What a group has until it is closed. Then all of it is let go: Comlink's proxies alone would keep workers and memory. */
interface Live {
  readonly group: GroupMemory;
  readonly workers: Worker[];
  readonly hosts: Comlink.Remote<RankHost>[];
}

type Ask<T> = (host: Comlink.Remote<RankHost>, rank: number) => Promise<T>;

/**
 * A group that {@link launch} has started. It lives until close(), the signal of its options, or the first failure.
 * @template P as of launch()
 */
export class RankGroup<P extends object> {
  readonly worldSize: number;
  /** Of the shared memory, what each rank has for its collectives. */
  readonly windowBytes: number;
  readonly #timeoutMs: number;
  #live: Live | null;
  #devices: readonly DeviceInfo[] = [];
  readonly #closing = new AbortController();
  /** Why the group ended. */
  #reason = new LabError('closed', 'The group of ranks was closed. Launch a new one.');
  /** Whoever waits for ranks now. A promise that all race against would keep every answer for as long as the group lives. */
  readonly #waits = new Set<(reason: LabError) => void>();
  /** The call under way. One at a time: what all ranks refuse leaves them as they were only if nothing else goes on. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(worldSize: number, timeoutMs: number, memory: WebAssembly.Memory) {
    this.worldSize = worldSize;
    this.#timeoutMs = timeoutMs;
    const group = attachGroup(memory);
    this.windowBytes = group.windowBytes;
    this.#live = { group, workers: [], hosts: [] };
  }

  /**
   * Makes the workers and gives each its place. For {@link launch}, which checks the options.
   * @internal
   */
  static async start<P extends object>(options: StartOptions): Promise<RankGroup<P>> {
    const { worldSize, memory, timeoutMs, signal } = options;
    const group = new RankGroup<P>(worldSize, timeoutMs, memory);
    // A long-lived signal must not keep the memory of groups that are closed.
    signal?.addEventListener('abort', () => void group.close(), { once: true, signal: group.ended });
    try {
      await group.#start(options);
      return group;
    } catch (thrown) {
      await group.close();
      throw thrown;
    }
  }

  /** The device of each rank. */
  get devices(): readonly DeviceInfo[] {
    return this.#devices;
  }

  /** Whether it has ended, by whomever; it does not come back. */
  get closed(): boolean {
    return this.ended.aborted;
  }

  /** Aborts when the group is closed, by whomever; its reason is the LabError that ended it, `closed` where none did. */
  get ended(): AbortSignal {
    return this.#closing.signal;
  }

  /**
   * Calls every rank's program at once and waits for all answers, in rank order. Calls that overlap come one after another.
   * @throws LabError with the number and message of the rank that failed; the group is then closed. But if every rank
   *   refuses its input alike (a LabError `input`), the group lives, and the next call finds it as this one did.
   * @param call what to ask of a rank: `(rank) => rank.forward(x)`. Arguments and answers are copied (structured clone).
   */
  all<T>(call: (rank: RankProxy<P>, index: number) => Promise<T>): Promise<T[]> {
    return this.#gather('answer', (host, index) => call(remoteOf<P>(host, index, this.ended), index));
  }

  /** What the ranks recorded since the last call, in rank order, as far as they kept it: see `trace` of LaunchOptions. */
  async trace(): Promise<Span[]> {
    const traces = await this.#gather('hand over its trace', async (host) => unwrap(await host.trace()));
    return traces.flatMap((trace) => trace.spans);
  }

  /** Has all ranks take kernels that were measured meanwhile; see `tuned` of LaunchOptions. */
  async preferTuned(tuned: TunedKernels): Promise<void> {
    await this.#gather('take its kernels', (host) => host.preferTuned(tuned));
  }

  /** Frees ranks from every wait, ends the workers and rejects what is pending. Safe to call twice. */
  async close(): Promise<void> {
    this.#end(this.#reason);
  }

  /** @param cause where later calls are told something else: of a call that failed, they hear that the group was closed */
  #end(reason: LabError, cause: unknown = reason): void {
    const live = this.#live;
    if (live === null) return;
    this.#live = null;
    this.#reason = reason;
    abortGroup(live.group, { kind: 'closed' }); // without effect where a rank gave a reason
    this.#closing.abort(cause);
    for (const reject of this.#waits) reject(reason);
    for (const host of live.hosts) host[Comlink.releaseProxy]();
    for (const worker of live.workers) worker.terminate();
  }

  async #start({
    program,
    memory,
    device,
    softwareGpu,
    timeoutMs,
    trace,
    tuned,
  }: StartOptions): Promise<void> {
    for (let rank = 0; rank < this.worldSize; rank++) {
      // To make the memory or a worker takes a page some milliseconds, and all in one task would hold it up for a tenth of a
      // second.
      await sleep(0);
      if (this.#live === null) throw this.#reason;
      this.#enlist(rank, program());
    }
    this.#devices = await this.#gather('start', async (host, rank) =>
      unwrap(await host.init({ rank, memory, device, softwareGpu, timeoutMs, trace, tuned })),
    );
  }

  #enlist(rank: number, worker: Worker): void {
    if (!isWorker(worker)) {
      throw new LabError(
        'input',
        `program() returned ${describeValue(worker)} for rank ${rank}; it must return a new Worker, whose script calls serve().`,
      );
    }
    if (this.#live === null) {
      worker.terminate(); // whatever closed the group did so while the worker was made
      throw this.#reason;
    }
    const { workers, hosts, group } = this.#live;
    if (workers.includes(worker)) {
      throw new LabError(
        'input',
        `program() returned the worker of rank ${workers.indexOf(worker)} for rank ${rank}; each rank needs one of its own.`,
      );
    }
    const fail = (message: string, code: LabError['code'] = 'rank-failed'): void => {
      abortGroup(group, { kind: 'rank-failed', rank });
      this.#end(new LabError(code, message, { rank }));
    };
    const { ended: signal } = this;
    // Comlink never settles a call to a worker that failed to load or died.
    const onError = ({ message }: ErrorEvent): void =>
      fail(`The worker of rank ${rank} failed: ${message || 'its script could not be loaded'}.`);
    const onUnreadable = (): void => fail(`The worker of rank ${rank} sent what cannot be read.`);
    const onMessage = ({ data }: MessageEvent<unknown>): void => {
      if (!isUncaught(data)) return;
      const { code, message } = data.uncaught;
      fail(`Rank ${rank} threw, and nothing caught it: ${message}`, code === 'unknown' ? undefined : code);
    };
    worker.addEventListener('error', onError, { signal });
    worker.addEventListener('messageerror', onUnreadable, { signal });
    worker.addEventListener('message', onMessage, { signal });
    workers.push(worker);
    hosts.push(Comlink.wrap<RankHost>(worker));
  }

  /** Waits for its turn, and then for all ranks, the end of the group, or a deadline, whichever comes first. */
  #gather<T>(verb: string, ask: Ask<T>): Promise<T[]> {
    const answers = this.#turn.then(() => this.#askAll(verb, ask));
    this.#turn = answers.catch(() => {});
    return answers;
  }

  async #askAll<T>(verb: string, ask: Ask<T>): Promise<T[]> {
    if (this.#live === null) throw this.#reason;
    const { hosts, group } = this.#live;
    const waiting = new Set(hosts.keys());
    const errors = new Map<number, unknown>();
    const asked = hosts.map(async (host, rank): Promise<T | null> => {
      try {
        return await ask(host, rank);
      } catch (thrown) {
        errors.set(rank, thrown);
        if (!isRefusal(thrown)) throw thrown;
        await host.refuse(); // the others may wait for it
        return null;
      } finally {
        waiting.delete(rank);
      }
    });
    let answers: (T | null)[];
    try {
      answers = await this.#unlessEnded(Promise.all(asked), (late) =>
        watchRanks({ group, waiting, verb, timeoutMs: this.#timeoutMs }, late),
      );
    } catch (thrown) {
      if (this.closed) throw thrown;
      // The first to complain is often one that was freed because another failed: let that one speak too.
      await Promise.race([Promise.allSettled(asked), sleep(SETTLE_MS)]);
      if (this.closed && this.#reason.code !== 'closed') throw this.#reason; // a worker told meanwhile what nobody caught
      const cause = ownErrors(errors).find((error) => !isRefusal(error)) ?? thrown;
      this.#end(this.#reason, cause);
      throw cause;
    }
    if (errors.size === 0) return answers as T[]; // null only where there is an error
    // Whoever did not answer has refused, or was freed because another had.
    const [refusal = errors.values().next().value] = ownErrors(errors);
    if (errors.size === hosts.length && forgetRefusals(group)) throw refusal;
    const cause = disagreement(refusal as LabError, errors, hosts.length);
    this.#end(this.#reason, cause);
    throw cause;
  }

  /** Waits for `work`, the end of the group, or what `watchOver` says is too late. */
  #unlessEnded<T>(work: Promise<T>, watchOver: (late: (error: LabError) => void) => () => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const stop = watchOver((error) => settle(() => reject(error)));
      const settle = (how: () => void): void => {
        stop();
        this.#waits.delete(reject);
        how();
      };
      this.#waits.add(reject);
      work.then(
        (value) => settle(() => resolve(value)),
        (error: unknown) => settle(() => reject(error)),
      );
    });
  }
}

function isWorker(value: unknown): value is Worker {
  const methods = ['postMessage', 'addEventListener', 'terminate'];
  return (
    typeof value === 'object' &&
    value !== null &&
    methods.every((name) => typeof Reflect.get(value, name) === 'function')
  );
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
