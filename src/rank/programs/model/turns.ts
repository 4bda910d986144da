/**
 * Ranks on one device that are to be seen one at a time: each has the device for itself from one collective to the next, so
 * that what the device records meanwhile is its own.
 */

import { type Recorded, Recorder, type Span } from '../../../base/trace.ts';
import type { Device, Tensor } from '../../../device/device.ts';
import type { Collectives, ReduceOptions } from '../../../parallel/collectives.ts';

/** Whose turn it is. */
export class Turns {
  readonly device: Device;
  readonly shared: Recorder;
  #last: Promise<unknown> = Promise.resolve();

  /** @param shared where the device writes its spans */
  constructor(device: Device, shared: Recorder) {
    this.device = device;
    this.shared = shared;
  }

  /** Waits for the turns that were asked for before. @returns what ends this one */
  async take(): Promise<() => void> {
    const before = this.#last;
    let end = (): void => {};
    this.#last = new Promise<void>((resolve) => {
      end = resolve;
    });
    await before;
    return end;
  }
}

/** Of one rank: while it has its turn, what the device records is its own. */
export class TurnRecorder extends Recorder {
  readonly #shared: Recorder;
  hasTurn = false;

  constructor(rank: number, shared: Recorder) {
    super(rank, { trace: 'off' });
    this.#shared = shared;
  }

  override get length(): number {
    this.#pull();
    return super.length;
  }

  override since(mark: number): Span[] {
    this.#pull();
    return super.since(mark);
  }

  override take(): Recorded {
    this.#pull();
    return super.take();
  }

  #pull(): void {
    if (!this.hasTurn) return;
    for (const { rank: _, ...span } of this.#shared.take().spans) this.add(span);
  }
}

/** A rank's collectives on one device, in which it lets the others have their turns where run() is under way. */
export class Turn implements Collectives {
  readonly #inner: Collectives;
  readonly #recorder: TurnRecorder;
  readonly #turns: Turns;
  #end: (() => void) | null = null;

  constructor(inner: Collectives, recorder: TurnRecorder, turns: Turns) {
    this.#inner = inner;
    this.#recorder = recorder;
    this.#turns = turns;
  }

  get overlaps(): boolean {
    return this.#inner.overlaps;
  }

  /** Has `work` go on only in turns, and its spans be the only ones. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const { shared } = this.#turns;
    this.#recorder.trace = 'all';
    this.#recorder.take();
    shared.trace = 'all';
    await this.#begin();
    try {
      return await work();
    } finally {
      this.#pause();
      this.#recorder.trace = 'off';
    }
  }

  async allReduce(y: Tensor, { inspect, ...options }: ReduceOptions = {}): Promise<void> {
    inspect?.(await this.#turns.device.read(y));
    await this.#aside(() => this.#inner.allReduce(y, options));
  }

  broadcast(y: Tensor, root: number): Promise<void> {
    return this.#aside(() => this.#inner.broadcast(y, root));
  }

  allGatherColumns(
    shard: Tensor,
    widths: readonly number[],
    finish?: (joined: Float32Array) => void,
  ): Promise<Tensor> {
    return this.#aside(() => this.#inner.allGatherColumns(shard, widths, finish));
  }

  gatherColumns(shard: Tensor, widths: readonly number[]): Promise<Float32Array> {
    return this.#aside(() => this.#inner.gatherColumns(shard, widths));
  }

  allGatherRows(shard: Tensor, rows: readonly number[]): Promise<Tensor> {
    return this.#aside(() => this.#inner.allGatherRows(shard, rows));
  }

  reduceScatterRows(partial: Tensor, rows: readonly number[]): Promise<Tensor> {
    return this.#aside(() => this.#inner.reduceScatterRows(partial, rows));
  }

  /** What the device does in a collective is a part of it, and has no spans of its own. */
  async #aside<T>(call: () => Promise<T>): Promise<T> {
    if (this.#end === null) return call();
    this.#pause();
    try {
      return await call();
    } finally {
      await this.#begin();
    }
  }

  async #begin(): Promise<void> {
    const { device, shared } = this.#turns;
    this.#end = await this.#turns.take();
    await device.sync();
    shared.take();
    this.#recorder.hasTurn = true;
  }

  #pause(): void {
    void this.#recorder.length; // what the device recorded up to here
    this.#recorder.hasTurn = false;
    this.#end?.();
    this.#end = null;
  }
}
