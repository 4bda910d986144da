/** A worker's entry: waits for its place in a group, then answers the page's calls with a rank program. */

import * as Comlink from 'comlink';
import { LabError, messageOf } from '../base/errors.ts';
import { Recorder } from '../base/trace.ts';
import { abortGroup } from '../comm/abort.ts';
import { Communicator } from '../comm/communicator.ts';
import { attachGroup } from '../comm/memory.ts';
import type { Device } from '../device/device.ts';
import type { ParallelContext } from '../parallel/context.ts';
import type { Failure, Outcome, RankHost, RankInit } from '../protocol.ts';
import { openDevice } from './openDevice.ts';

export interface RankContext extends ParallelContext {
  readonly rank: number;
  readonly worldSize: number;
  readonly comm: Communicator;
  readonly device: Device;
  readonly recorder: Recorder;
}

/** Reads like the main function of a `torchrun` script: it gets its rank and returns what the page may call. */
export type CreateProgram = (context: RankContext) => object | Promise<object>;

interface Running {
  readonly rank: number;
  readonly program: object;
  readonly recorder: Recorder;
  readonly memory: WebAssembly.Memory;
}

export function serve(create: CreateProgram): void {
  let running: Running | null = null;
  let turn: Promise<Outcome<unknown>> = Promise.resolve({ ok: true, value: undefined });

  async function perform(method: string, args: readonly unknown[]): Promise<Outcome<unknown>> {
    if (running === null) return { ok: false, failure: notReady };
    const { rank, program, memory } = running;
    try {
      const member: unknown = Reflect.get(program, method);
      if (typeof member !== 'function') {
        throw new LabError('input', `The rank program has no method ${method}().`);
      }
      return { ok: true, value: await Reflect.apply(member, program, args) };
    } catch (thrown) {
      return failed(rank, memory, thrown);
    }
  }

  const host: RankHost = {
    async init({ rank, memory, device: choice, timeoutMs }: RankInit) {
      try {
        const recorder = new Recorder(rank);
        const comm = new Communicator(memory, { rank, timeoutMs, recorder });
        const device = await openDevice(choice, { rank, recorder, arena: comm.arena });
        const program = await create({ rank, worldSize: comm.worldSize, comm, device, recorder });
        running = { rank, program, recorder, memory };
        return { ok: true, value: device.info };
      } catch (thrown) {
        return failed(rank, memory, thrown);
      }
    },

    call(method, ...args) {
      // One at a time: calls that take turns at their awaits would make their collectives in an order of their own.
      turn = turn.then(() => perform(method, args));
      return turn;
    },

    async trace() {
      if (running === null) return { ok: false, failure: notReady };
      return { ok: true, value: running.recorder.take() };
    },
  };
  Comlink.expose(host);
}

const notReady: Failure = { code: 'unknown', message: 'It was called before init().', rank: -1 };

/** Frees the other ranks, which would wait for this one, and puts the failure into words for the page. */
function failed(rank: number, memory: WebAssembly.Memory, thrown: unknown): Outcome<never> {
  // Loses against a reason that is there already: then this failure is a consequence.
  abortGroup(attachGroup(memory), { kind: 'rank-failed', rank });
  const known = thrown instanceof LabError;
  const failure: Failure = {
    code: known ? thrown.code : 'unknown',
    message: messageOf(thrown),
    rank: (known ? thrown.rank : undefined) ?? rank,
    ...(thrown instanceof Error && thrown.stack !== undefined ? { stack: thrown.stack } : {}),
  };
  return { ok: false, failure };
}
