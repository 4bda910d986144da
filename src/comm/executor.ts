/** Runs a schedule on one rank: loads, waits, pulls, publishes, stores. It knows no collective by name. */

import { now, type Recorder } from '../base/trace.ts';
import type { ReduceOp } from '../collectives/kinds.ts';
import type { ScheduleStep } from '../collectives/schedule.ts';
import { type SegmentPlan, SLOTS, segmentRange, ticketNumber } from '../collectives/segments.ts';
import { abortError, abortGroup, isAborted } from '../group/abort.ts';
import { addressOf, type Call, enterCall, readCall, sameCall } from '../group/call.ts';
import { hasReached, raise } from '../group/counter.ts';
import { CONTROL, type GroupMemory } from '../group/memory.ts';
import type { CollectivePlan } from './plans.ts';
import { Reducer } from './reduce.ts';
import { waitFor } from './wait.ts';

/** An array and where each chunk starts in it. */
export interface Region {
  readonly data: Float32Array;
  readonly starts: readonly number[];
}

/** One collective on one rank. */
export interface Exchange {
  readonly call: Call;
  readonly plan: CollectivePlan;
  readonly op: ReduceOp;
  readonly input: Region;
  readonly output: Region;
  /** Data that is itself the window, in the rank's arena: the others read it there. Null: there is a copy in between. */
  readonly window: Float32Array | null;
}

const NOBODY: readonly number[] = [];
/** Elements, 256 KiB: what has just been summed is still in a core's own cache when it is copied on. */
const BLOCK = 65_536;

export class Executor {
  readonly #group: GroupMemory;
  readonly #rank: number;
  readonly #recorder: Recorder;
  readonly #timeoutMs: number;
  readonly #reducer: Reducer;
  /** Tickets completed in all earlier calls: the same number on every rank. */
  #base = 0;
  /** Ranks that may still read the window of the last call. */
  #readers = NOBODY;
  /** By rank: 1 where it is known to be in the call under way. */
  readonly #met: Uint8Array;

  constructor(group: GroupMemory, rank: number, recorder: Recorder, timeoutMs: number) {
    this.#group = group;
    this.#rank = rank;
    this.#recorder = recorder;
    this.#timeoutMs = timeoutMs;
    this.#reducer = new Reducer(group, rank);
    this.#met = new Uint8Array(group.worldSize);
  }

  /** @throws LabError `closed`, `rank-failed`, `deadline`, `mismatch`, `interrupted` or `input`; the group is then aborted for every rank. */
  run(exchange: Exchange): void {
    const { call, plan, window } = exchange;
    const { schedule, tickets } = plan;
    const { worldSize } = this.#group;
    const startMs = this.#now();
    if (isAborted(this.#group)) throw this.#error();
    this.#drain(call);
    enterCall(this.#group, this.#rank, call, window?.byteOffset ?? 0);
    this.#met.fill(0);
    this.#met[this.#rank] = 1;
    for (const [before, { segment, round }] of tickets.entries()) {
      if (round === 0) this.#load(exchange, segment);
      const step = schedule.steps[round - 1];
      if (step !== undefined) this.#step(exchange, segment, round - 1, step);
      // A root reads from nobody. If each rank holds its previous one to the call, no two on the ring can differ.
      if (before + 1 === tickets.length) this.#meet((this.#rank + worldSize - 1) % worldSize, call);
      this.#publish(this.#base + before + 1);
      if (round === schedule.rounds) this.#store(exchange, segment);
    }
    this.#base = (this.#base + tickets.length) | 0;
    this.#readers = schedule.readers;
    // Whoever owns the data may change it as soon as we return; a window of ours can wait for the next call.
    if (window !== null) this.#drain(call);
    if (!this.#recorder.isOn) return;
    const { kind: collective, algorithm, root, seq, length } = call;
    const what = { kind: 'collective', collective, algorithm, root, seq, length, bytes: length * 4 } as const;
    this.#recorder.add({ ...what, startMs, endMs: now() });
  }

  /** Waits until nobody reads what this rank published in its last call. */
  #drain({ seq }: Call): void {
    const startMs = this.#now();
    for (const reader of this.#readers) this.#await(reader, CONTROL.tickets, this.#base);
    this.#readers = NOBODY;
    const endMs = this.#now();
    if (endMs > startMs) this.#recorder.add({ kind: 'drain', seq, startMs, endMs });
  }

  #load(exchange: Exchange, segment: number): void {
    const { segments, schedule } = exchange.plan;
    if (exchange.window === exchange.input.data) return;
    if (exchange.window === null && segment >= SLOTS) {
      const target = this.#base + ticketNumber(segments, segment - SLOTS, schedule.rounds);
      for (const reader of schedule.readers) this.#await(reader, CONTROL.tickets, target);
    }
    this.#copy('in', exchange, segment);
  }

  #store(exchange: Exchange, segment: number): void {
    if (exchange.window !== exchange.output.data) this.#copy('out', exchange, segment);
  }

  #copy(direction: 'in' | 'out', exchange: Exchange, segment: number): void {
    const { call, plan, input, output } = exchange;
    const { schedule, segments } = plan;
    const isIn = direction === 'in';
    const chunks = isIn ? schedule.load : schedule.store;
    const region = isIn ? input : output;
    const startMs = this.#now();
    let bytes = 0;
    for (const chunk of chunks) {
      const own = this.#ownChunk(exchange, chunk, segment);
      if (own.length === 0) continue;
      const start = (region.starts[chunk] ?? 0) + segment * segments.stride;
      const data = region.data.subarray(start, start + own.length);
      if (isIn) this.#reducer.copy(own, data);
      else this.#reducer.copy(data, own);
      bytes += own.byteLength;
    }
    if (bytes === 0 || !this.#recorder.isOn) return;
    this.#recorder.add({ kind: 'window', direction, seq: call.seq, segment, startMs, endMs: now(), bytes });
  }

  #step(exchange: Exchange, segment: number, index: number, step: ScheduleStep): void {
    const { call, op, output } = exchange;
    const { segments } = exchange.plan;
    const { from, chunk, into } = step;
    const startMs = this.#now();
    this.#meet(from, call);
    if (from !== this.#rank)
      this.#await(from, CONTROL.tickets, this.#base + ticketNumber(segments, segment, step.after));
    const readyMs = this.#now();

    const source =
      from === this.#rank
        ? this.#ownChunk(exchange, chunk, segment)
        : this.#windowChunk(from, addressOf(this.#group, from, call.seq), segments, chunk, segment);
    const start = (output.starts[into] ?? 0) + segment * segments.stride;
    const target =
      step.target === 'window'
        ? this.#ownChunk(exchange, into, segment)
        : output.data.subarray(start, start + source.length);
    const keep = segment === 0 ? this.#recorder.valuesPerStep : 0; // a step is shown by its first segment
    const before = keep > 0 ? target.slice(0, keep) : undefined;
    const received = keep > 0 ? source.slice(0, keep) : undefined;
    if (step.delivers) this.#reduceAndDeliver(exchange, target, source, step, segment);
    else {
      if (step.action === 'reduce') this.#reducer.reduce(target, source, op);
      else if (step.action === 'copy') this.#reducer.copy(target, source);
      if (step.final) this.#reducer.finish(target, op, this.#group.worldSize);
    }

    if (!this.#recorder.isOn) return;
    this.#recorder.add({
      kind: 'step',
      phase: step.phase,
      seq: call.seq,
      index,
      segment,
      from,
      chunk,
      startMs,
      endMs: now(),
      bytes: source.length * 4,
      waitMs: readyMs - startMs,
      ...(before && received ? { before, received, after: target.slice(0, keep) } : {}),
    });
  }

  /** The last term of a sum, which is then written into the windows of all others, that of the term among them. */
  #reduceAndDeliver(
    { call, op, plan: { segments } }: Exchange,
    sum: Float32Array,
    term: Float32Array,
    { from, into }: ScheduleStep,
    segment: number,
  ): void {
    const { worldSize } = this.#group;
    const windows: Float32Array[] = [];
    for (let peer = 0; peer < worldSize; peer++) {
      if (peer === this.#rank || peer === from) continue;
      windows.push(this.#windowChunk(peer, addressOf(this.#group, peer, call.seq), segments, into, segment));
    }
    for (let at = 0; at < sum.length; at += BLOCK) {
      const block = sum.subarray(at, at + BLOCK);
      this.#reducer.reduceBoth(block, term.subarray(at, at + BLOCK), op, worldSize);
      for (const window of windows) this.#reducer.copy(window.subarray(at, at + BLOCK), block);
    }
  }

  /** A chunk's segment where this rank publishes it. */
  #ownChunk({ window, plan: { segments } }: Exchange, chunk: number, segment: number): Float32Array {
    if (window === null) return this.#windowChunk(this.#rank, 0, segments, chunk, segment);
    const { start, end } = segmentRange(segments, chunk, segment);
    return window.subarray(start, end);
  }

  /** A chunk's segment where `rank` publishes it: in its data at `address`, or in a slot of its window. */
  #windowChunk(
    rank: number,
    address: number,
    plan: SegmentPlan,
    chunk: number,
    segment: number,
  ): Float32Array {
    const { start, end } = segmentRange(plan, chunk, segment);
    const offset =
      address === 0
        ? this.#group.slotOffset(rank, segment % SLOTS) + 4 * chunk * plan.stride
        : address + 4 * start;
    return this.#group.floats(offset, end - start);
  }

  #publish(tickets: number): void {
    raise(this.#group, this.#rank, this.#group.controlIndex(this.#rank, CONTROL.tickets), tickets);
  }

  /** Waits until `from` has entered the same call, and makes sure that it is the same. */
  #meet(from: number, call: Call): void {
    if (this.#met[from] === 1) return;
    this.#met[from] = 1;
    this.#await(from, CONTROL.entered, call.seq + 1);
    const theirs = readCall(this.#group, from, call.seq);
    if (theirs !== null && sameCall(theirs, call)) return;
    abortGroup(this.#group, {
      kind: 'mismatch',
      rank: Math.min(from, this.#rank),
      other: Math.max(from, this.#rank),
    });
    throw this.#error();
  }

  #await(peer: number, counter: number, target: number): void {
    const [rank, timeoutMs] = [this.#rank, this.#timeoutMs];
    const index = this.#group.controlIndex(peer, counter);
    if (hasReached(this.#group, index, target) && !isAborted(this.#group)) return; // as most often
    waitFor(this.#group, { rank, peer, index, target, timeoutMs, during: 'call' });
  }

  /** The time, where anything is recorded. */
  #now(): number {
    return this.#recorder.isOn ? now() : 0;
  }

  #error(): Error {
    return abortError(this.#group, this.#timeoutMs);
  }
}
