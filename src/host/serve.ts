/** A worker's entry: waits for its place in a group, then answers the page's calls with a rank program. */

import * as Comlink from 'comlink';
import { describeValue } from '../base/describe.ts';
import { LabError, messageOf } from '../base/errors.ts';
import { Recorder } from '../base/trace.ts';
import { Communicator } from '../comm/communicator.ts';
import { createCpuDevice } from '../device/cpu/device.ts';
import type { Device } from '../device/device.ts';
import { createWebGpuDevice, webGpuAvailable } from '../device/webgpu/create.ts';
import { abortGroup, isAborted } from '../group/abort.ts';
import { attachGroup, type GroupMemory } from '../group/memory.ts';
import { markRefused } from '../group/refusal.ts';
import { type ParallelContext, parallelContext } from '../parallel/context.ts';
import type { DeviceChoice, Failure, Outcome, RankHost, RankInit, Uncaught } from '../protocol.ts';
import type { Arena } from '../wasm/arena.ts';

/** What a program is given of its rank. It is a ParallelContext too: pass it to the layers as it is. */
export interface RankContext extends ParallelContext {
  /** The collectives over float32 arrays; `collectives` has those over tensors. */
  readonly comm: Communicator;
  /** Keeps the spans that the page takes by `group.trace()`. */
  readonly recorder: Recorder;
}

/** Reads like the main function of a `torchrun` script: it gets its rank and returns what the page may call. */
export type CreateProgram = (context: RankContext) => object | Promise<object>;

/** A rank's place in its group. */
interface Place {
  readonly rank: number;
  readonly group: GroupMemory;
}

interface Running extends Place {
  readonly device: Device;
  readonly program: object;
  readonly recorder: Recorder;
}

/**
 * Makes of this worker a rank: waits until the page gives it its place, calls `create`, and answers the page's calls with
 * the methods of what it returned, one at a time. Call it once, at the top level of the worker's script, and export
 * `create`, so that the page can say `launch<typeof create>`.
 *
 * A LabError `input` that every rank throws alike leaves the group alive; whatever else a method throws ends it.
 */
export function serve(create: CreateProgram): void {
  let place: Place | null = null;
  let running: Running | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  async function perform(method: string, args: readonly unknown[]): Promise<Outcome<unknown>> {
    if (running === null) return { ok: false, failure: notReady };
    const { program } = running;
    try {
      const member: unknown = Reflect.get(program, method);
      if (typeof member !== 'function') {
        throw new LabError('input', `The rank program has no method ${method}().`);
      }
      return { ok: true, value: await Reflect.apply(member, program, args) };
    } catch (thrown) {
      // What was refused has harmed nobody yet: the page knows whether the other ranks refuse it too.
      const refused = thrown instanceof LabError && thrown.code === 'input';
      return refused
        ? { ok: false, failure: failureOf(running.rank, thrown, `${method}()`) }
        : failed(running, thrown, `${method}()`);
    }
  }

  const host: RankHost = {
    async init({ rank, memory, device: choice, softwareGpu, timeoutMs, trace, tuned }: RankInit) {
      place = { rank, group: attachGroup(memory) };
      try {
        const recorder = new Recorder(rank, { trace });
        const comm = new Communicator(memory, { rank, timeoutMs, recorder });
        const device = await openDevice(choice, { rank, recorder, softwareGpu, arena: comm.arena });
        device.preferTuned?.(tuned);
        const program: unknown = await create({ ...parallelContext(comm, device), comm, recorder });
        if (typeof program !== 'object' || program === null) {
          throw new LabError(
            'input',
            `The rank program is ${describeValue(program)}; serve() needs a function that returns an object with methods.`,
          );
        }
        running = { ...place, device, program, recorder };
        // What a promise threw on the way is to be told before this answer. Browsers make a task of that only when all
        // microtasks are done, this function's too: one turn of the event loop to let them, and one more for that task.
        for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
        return { ok: true, value: device.info };
      } catch (thrown) {
        return failed(place, thrown, 'its program');
      }
    },

    call(method, ...args) {
      // One at a time: calls that take turns at their awaits would make their collectives in an order of their own.
      const outcome = turn.then(() => perform(method, args));
      turn = outcome;
      return outcome;
    },

    async preferTuned(tuned) {
      await turn;
      running?.device.preferTuned?.(tuned);
    },

    async refuse() {
      await turn;
      if (place !== null) markRefused(place.group, place.rank);
    },

    async trace() {
      if (running === null) return { ok: false, failure: notReady };
      return { ok: true, value: running.recorder.take() };
    },
  };
  Comlink.expose(host);
  onUncaught((thrown) => {
    // After the end of the group it would be a consequence, and not a cause.
    if (place !== null && isAborted(place.group)) return;
    // Before it has a place the page alone knows which rank it is, and frees the others.
    const news: Uncaught = {
      uncaught: place === null ? failureOf(undefined, thrown, 'it') : failed(place, thrown, 'it').failure,
    };
    postMessage(news);
  });
}

const notReady: Failure = { code: 'unknown', message: 'It was called before init().', rank: -1 };

/** Frees the other ranks, which would wait for this one, and puts the failure into words for the page. */
function failed({ rank, group }: Place, thrown: unknown, who: string): { ok: false; failure: Failure } {
  // Loses against a reason that is there already: then this failure is a consequence.
  abortGroup(group, { kind: 'rank-failed', rank });
  return { ok: false, failure: failureOf(rank, thrown, who) };
}

function failureOf(rank: number | undefined, thrown: unknown, who: string): Failure {
  const known = thrown instanceof LabError;
  const blameless = known && (thrown.code === 'interrupted' || thrown.code === 'closed');
  const blamed = (known ? thrown.rank : undefined) ?? rank;
  const stack: unknown = thrown instanceof Error ? thrown.stack : undefined;
  return {
    code: known ? thrown.code : 'unknown',
    message: messageOf(thrown, who),
    ...(!blameless && blamed !== undefined && { rank: blamed }),
    ...(typeof stack === 'string' ? { stack } : {}),
  };
}

/** Hears of what is thrown in timers, in events and in promises that nobody awaits, which no call can answer for. */
function onUncaught(tell: (thrown: unknown) => void): void {
  const hear = (event: Event, thrown: unknown): void => {
    tell(thrown);
    event.preventDefault(); // or the page would be told twice
    console.error(thrown);
  };
  addEventListener('error', (event) => hear(event, event.error));
  addEventListener('unhandledrejection', (event) => hear(event, event.reason));
  addEventListener('messageerror', (event) => hear(event, new Error('a message to it could not be read')));
}

interface Options {
  readonly rank: number;
  readonly recorder: Recorder;
  /** Whether `auto` may take an adapter that is emulated on the CPU. */
  readonly softwareGpu: boolean;
  /** Where a CPU device puts its tensors, so that the ring works on them in place. */
  readonly arena: Arena;
}

/**
 * Opens the device that was asked for; `auto` takes WebGPU where an adapter answers.
 * @throws LabError `environment` where what was asked for is not there
 */
async function openDevice(
  choice: DeviceChoice,
  { rank, recorder, softwareGpu, arena }: Options,
): Promise<Device> {
  const kind = choice === 'auto' ? ((await webGpuAvailable(softwareGpu)) ? 'webgpu' : 'cpu') : choice;
  if (kind === 'webgpu') return createWebGpuDevice({ recorder, label: `rank ${rank}` });
  return createCpuDevice({ recorder, arena });
}
