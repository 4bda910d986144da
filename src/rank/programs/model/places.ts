/**
 * Where a rank of a model is, and who records what it does: in a worker with its own device, or with all other ranks on
 * one. There a pass is one queue of all ranks' operations, and its device's time is that of all of them.
 */

import type { Recorder, Span } from '../../../base/trace.ts';
import type { Algorithm } from '../../../collectives/algorithm.ts';
import type { Device } from '../../../device/device.ts';
import type { RankContext } from '../../../host/serve.ts';
import { type ParallelContext, parallelContext } from '../../../parallel/context.ts';
import { OneDeviceGroup } from '../../../parallel/OneDeviceGroup.ts';
import type { Spent } from '../../../protocol.ts';
import { spentOf, spentOnOneDevice, type WholePass } from './spent.ts';
import { Turn, TurnRecorder, Turns } from './turns.ts';

/** What a rank recorded of a pass. */
export interface TracedPass {
  readonly spent: Spent;
  /** Of ranks on one device the first has those of their device too. */
  readonly spans: readonly Span[];
}

export interface ModelPlace {
  readonly rank: number;
  /** How many spans of its passes it keeps. */
  readonly keepsSpans: number;
  readonly device: Device;
  /** Of this rank alone. */
  readonly recorder: Recorder;
  /** @param algorithm of every all_reduce, where it goes through the host */
  context(algorithm: Algorithm | 'auto'): ParallelContext;
  /** Before a pass. @returns what tells of it behind its end; null where it was not traced */
  watch(traced: boolean): (pass: WholePass) => TracedPass | null;
  /** Has `work` be all that the recorder is told of, and the device's alone while it is not in a collective. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/** Of all ranks together: some hundred tokens of a small model, in some ten megabytes. */
const MOST_SPANS = 100_000;

export function ownPlace({ comm, device, recorder }: RankContext): ModelPlace {
  return {
    rank: comm.rank,
    keepsSpans: MOST_SPANS / comm.worldSize,
    device,
    recorder,
    context: (algorithm) => parallelContext(comm, device, { algorithm }),
    watch(traced) {
      recorder.trace = traced ? 'all' : 'off';
      if (traced) recorder.take();
      return (pass) => {
        if (!traced) return null;
        const { spans } = recorder.take();
        return { spent: spentOf(spans, pass), spans };
      };
    },
    async alone(work) {
      recorder.trace = 'all';
      recorder.take();
      try {
        return await work();
      } finally {
        recorder.trace = 'off'; // what the page is to see is this pass, and not what comes after it
      }
    },
  };
}

/** Of all ranks on the device of a worker. */
export function sharedPlaces({ device, recorder }: RankContext, worldSize: number): ModelPlace[] {
  const ofDevice = new DeviceTrace(recorder);
  const turns = new Turns(device, recorder);
  const recorders = Array.from({ length: worldSize }, (_, rank) => new TurnRecorder(rank, recorder));
  const { members } = new OneDeviceGroup(device, worldSize, recorders);
  return members.map((member, rank) => {
    const own = recorders[rank] as TurnRecorder;
    const turn = new Turn(member, own, turns);
    let passes = 0;
    return {
      rank,
      keepsSpans: MOST_SPANS, // the first has the device's, which are nearly all
      device,
      recorder: own,
      context: () => ({ ...member.context, collectives: turn }),
      watch(traced) {
        own.trace = traced ? 'all' : 'off';
        own.take();
        const pass = passes++;
        ofDevice.begin(pass, own.trace);
        return (whole) => {
          if (!traced) return null;
          const [device, { spans }] = [ofDevice.end(pass), own.take()];
          const spent = spentOnOneDevice(device, spans, whole);
          return { spent, spans: rank === 0 ? [...device, ...spans] : spans };
        };
      },
      alone: (work) => turn.run(work),
    };
  });
}

/** What one device does in each pass of its ranks: the first that begins or ends with one does it for all. */
class DeviceTrace {
  readonly #recorder: Recorder;
  #begun = -1;
  #ended = -1;
  #spans: readonly Span[] = [];

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  begin(pass: number, trace: 'all' | 'off'): void {
    if (pass <= this.#begun) return;
    this.#begun = pass;
    this.#recorder.trace = trace;
    this.#recorder.take();
  }

  end(pass: number): readonly Span[] {
    if (pass > this.#ended) {
      this.#ended = pass;
      this.#spans = this.#recorder.take().spans;
    }
    return this.#spans;
  }
}
