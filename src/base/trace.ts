/** What happened when: every rank records spans, and the page lays all of them on one clock. */

import type { Algorithm } from '../collectives/algorithm.ts';
import type { CollectiveKind } from '../collectives/kinds.ts';
import type { StepPhase } from '../collectives/schedule.ts';
import type { OperationName } from '../operations/signatures.ts';
import { describeValue } from './describe.ts';

/** What any span tells. */
interface Observed {
  readonly rank: number;
  /** Milliseconds on the clock that all ranks share; see {@link now}. */
  readonly startMs: number;
  readonly endMs: number;
  readonly bytes?: number;
  readonly flops?: number;
  /** GPU time by timestamp queries; absent where the adapter has none. */
  readonly gpuMs?: number;
}

/** Something that a rank did, and when. */
export type Span =
  | OpSpan
  | BatchSpan
  | UploadSpan
  | ReadbackSpan
  | CollectiveSpan
  | StepSpan
  | WindowSpan
  | DrainSpan
  | MessageSpan
  | HostSpan;

export interface OpSpan extends Observed {
  readonly kind: 'op';
  readonly op: OperationName;
  /** Which of the device's kernels ran, where it has several: "block6x8". */
  readonly variant?: string;
}

/** Operations one after another, of which nobody saw where one ended. */
export interface BatchSpan extends Observed {
  readonly kind: 'batch';
  /** Each once, in the order in which the first of them ran. */
  readonly ops: readonly { readonly op: OperationName; readonly count: number }[];
}

export interface UploadSpan extends Observed {
  readonly kind: 'upload';
  readonly bytes: number;
}

export interface ReadbackSpan extends Observed {
  readonly kind: 'readback';
  readonly bytes: number;
}

/** A whole collective; its steps, copies and drains lie within. */
export interface CollectiveSpan extends Observed {
  readonly kind: 'collective';
  readonly collective: CollectiveKind;
  readonly algorithm: Algorithm;
  /** Of a broadcast; else 0. */
  readonly root: number;
  /** Counts the collectives of a rank from 0. */
  readonly seq: number;
  /** Elements in the whole buffer. */
  readonly length: number;
  readonly bytes: number;
}

/** One segment of one step of a collective: the wait for the other rank, and then the copy or sum. */
export interface StepSpan extends Observed {
  readonly kind: 'step';
  readonly phase: StepPhase;
  readonly seq: number;
  /** Position in the schedule, from 0. */
  readonly index: number;
  readonly segment: number;
  /** The rank whose window was read. */
  readonly from: number;
  readonly chunk: number;
  readonly bytes: number;
  /** The leading part of the span in which the rank waited for `from`. */
  readonly waitMs: number;
  /** The first elements of the chunk, in its first segment and where the recorder was asked to keep values. */
  readonly before?: Float32Array;
  readonly received?: Float32Array;
  readonly after?: Float32Array;
}

/** A copy of a segment into this rank's window before the first step, or out of it after the last. */
export interface WindowSpan extends Observed {
  readonly kind: 'window';
  readonly direction: 'in' | 'out';
  readonly seq: number;
  readonly segment: number;
  readonly bytes: number;
}

/** A wait until all that this rank published is read: before a collective that needs the window, or at its end. */
export interface DrainSpan extends Observed {
  readonly kind: 'drain';
  /** Of the collective in which it waited. */
  readonly seq: number;
}

export interface MessageSpan extends Observed {
  readonly kind: 'message';
  readonly direction: 'send' | 'recv';
  readonly peer: number;
  readonly bytes: number;
}

/** What a program times by itself. */
export interface HostSpan extends Observed {
  readonly kind: 'host';
  readonly name: string;
}

/** What is to be recorded: a span, but for the rank, which the recorder knows. */
export type NewSpan = Span extends infer One ? (One extends Span ? Omit<One, 'rank'> : never) : never;

export type Lane = 'device' | 'comm' | 'host';

/** The part of a rank that was busy. */
export function spanLane({ kind }: Span): Lane {
  switch (kind) {
    case 'op':
    case 'batch':
    case 'upload':
    case 'readback':
      return 'device';
    case 'collective':
    case 'step':
    case 'window':
    case 'drain':
    case 'message':
      return 'comm';
    case 'host':
      return 'host';
    default:
      return kind satisfies never;
  }
}

/** For people: "linear", "linear ×2, add", "all_reduce", "reduce-scatter", "copy in". */
export function spanName(span: Span): string {
  switch (span.kind) {
    case 'op':
      return span.op;
    case 'batch':
      return span.ops.map(({ op, count }) => (count === 1 ? op : `${op} ×${count}`)).join(', ');
    case 'upload':
    case 'readback':
      return span.kind;
    case 'collective':
      return span.collective;
    case 'step':
      return span.phase;
    case 'window':
      return `copy ${span.direction}`;
    case 'drain':
      return 'wait until all is read';
    case 'message':
      return span.direction;
    case 'host':
      return span.name;
    default:
      return span satisfies never;
  }
}

/** Now, in milliseconds, on a clock that pages and workers share. `performance.now()` starts anew in each worker. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

/** The earliest start and the latest end; there may be more spans than a function can have arguments. */
export function extentOf(spans: readonly Span[]): { startMs: number; endMs: number } {
  return {
    startMs: spans.reduce((first, span) => Math.min(first, span.startMs), Number.POSITIVE_INFINITY),
    endMs: spans.reduce((last, span) => Math.max(last, span.endMs), Number.NEGATIVE_INFINITY),
  };
}

export interface Recorded {
  readonly spans: Span[];
  /** How many earlier ones made room for them. */
  readonly dropped: number;
}

/** What is kept of a trace until somebody takes it: nothing, everything, or the last so many spans. */
export type TraceChoice = 'off' | 'all' | { readonly last: number };

/** Some megabytes, however long the ranks run. */
export const DEFAULT_TRACE: TraceChoice = { last: 50_000 };

/** Why this is no choice; null where it is one. */
export function traceProblem(trace: unknown): string | null {
  if (trace === 'off' || trace === 'all') return null;
  const last: unknown = typeof trace === 'object' && trace !== null && 'last' in trace ? trace.last : null;
  if (Number.isInteger(last) && Number(last) >= 1) return null;
  return `trace is ${describeValue(trace)}; it must be “off”, “all” or { last: N } for the last N spans, N from 1.`;
}

export interface RecorderOptions {
  /** How many leading values of each chunk a collective's steps keep, before and after. Default 0. */
  readonly valuesPerStep?: number;
  /** Default: the last 50 000 spans. */
  readonly trace?: TraceChoice;
}

/** Collects the spans of one rank. */
export class Recorder {
  readonly rank: number;
  valuesPerStep: number;
  /** A program may change it at any time, for what comes after. */
  trace: TraceChoice;
  #spans: Span[] = [];
  #dropped = 0;

  constructor(rank: number, options: RecorderOptions = {}) {
    this.rank = rank;
    this.valuesPerStep = options.valuesPerStep ?? 0;
    this.trace = options.trace ?? DEFAULT_TRACE;
  }

  /** Whether anything is kept: where nothing is, nobody need look at the clock. */
  get isOn(): boolean {
    return this.trace !== 'off';
  }

  add(span: NewSpan): void {
    const { trace } = this;
    if (trace === 'off') return;
    this.#spans.push({ rank: this.rank, ...span });
    // Not one by one: to move them all for each span would take longer than what is traced.
    if (trace !== 'all' && this.#spans.length >= 2 * trace.last) this.#trim(trace.last);
  }

  /** How many spans there were since they were last taken: a mark for {@link since}. */
  get length(): number {
    return this.#dropped + this.#spans.length;
  }

  /** A copy of the spans from a mark on, as far as they are still there. */
  since(mark: number): Span[] {
    return this.#spans.slice(Math.max(0, mark - this.#dropped));
  }

  /** Runs `work` and records it as one span on the host lane. */
  async time<T>(name: string, work: () => T | Promise<T>): Promise<T> {
    const startMs = now();
    const result = await work();
    this.add({ kind: 'host', name, startMs, endMs: now() });
    return result;
  }

  /** Hands over what was recorded and starts anew. */
  take(): Recorded {
    if (typeof this.trace === 'object') this.#trim(this.trace.last);
    const taken = { spans: this.#spans, dropped: this.#dropped };
    this.#spans = [];
    this.#dropped = 0;
    return taken;
  }

  /** Has what was taken be all that was recorded, whatever came after it. */
  restore({ spans, dropped }: Recorded): void {
    this.#spans = spans;
    this.#dropped = dropped;
  }

  #trim(last: number): void {
    const over = this.#spans.length - last;
    if (over <= 0) return;
    this.#spans.splice(0, over);
    this.#dropped += over;
  }
}
