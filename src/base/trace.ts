/** What happened when: every rank records spans, and the page lays all of them on one clock. */

export type Lane = 'device' | 'comm' | 'host';

export interface Span {
  readonly rank: number;
  readonly lane: Lane;
  readonly name: string;
  /** Milliseconds on the clock that all ranks share; see {@link now}. */
  readonly startMs: number;
  readonly endMs: number;
  readonly bytes?: number;
  readonly flops?: number;
  /** GPU time by timestamp queries; absent where the adapter has none. */
  readonly gpuMs?: number;
  /** Set on a whole collective. */
  readonly call?: CallDetail;
  /** Set on one step of a collective. */
  readonly step?: StepDetail;
}

export interface CallDetail {
  /** Counts the collectives of a rank from 0. */
  readonly seq: number;
  readonly algorithm: string;
  /** Elements in the whole buffer. */
  readonly length: number;
}

export interface StepDetail {
  readonly seq: number;
  /** Position in the schedule, from 0. */
  readonly index: number;
  readonly segment: number;
  /** The rank whose window was read. */
  readonly from: number;
  readonly chunk: number;
  /** The leading part of the span in which the rank waited for `from`. */
  readonly waitMs: number;
  /** The first elements of the chunk, in its first segment and where the recorder was asked to keep values. */
  readonly before?: Float32Array;
  readonly received?: Float32Array;
  readonly after?: Float32Array;
}

/** Now, in milliseconds, on a clock that pages and workers share. `performance.now()` starts anew in each worker. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

export interface Recorded {
  readonly spans: Span[];
  /** How many more there were than the recorder keeps. */
  readonly dropped: number;
}

export interface RecorderOptions {
  /** How many leading values of each chunk a collective's steps keep, before and after. Default 0. */
  readonly valuesPerStep?: number;
  /** Spans past this many are counted and dropped. Default 50 000. */
  readonly maxSpans?: number;
}

/** Collects the spans of one rank. */
export class Recorder {
  readonly rank: number;
  valuesPerStep: number;
  readonly #maxSpans: number;
  #spans: Span[] = [];
  #dropped = 0;

  constructor(rank: number, options: RecorderOptions = {}) {
    this.rank = rank;
    this.valuesPerStep = options.valuesPerStep ?? 0;
    this.#maxSpans = options.maxSpans ?? 50_000;
  }

  add(span: Omit<Span, 'rank'>): void {
    if (this.#spans.length < this.#maxSpans) this.#spans.push({ rank: this.rank, ...span });
    else this.#dropped++;
  }

  /** How many spans there are: a mark for {@link since}. */
  get length(): number {
    return this.#spans.length;
  }

  /** A copy of the spans from a mark on. */
  since(mark: number): Span[] {
    return this.#spans.slice(mark);
  }

  /** Runs `work` and records it as one span on the host lane. */
  async time<T>(name: string, work: () => T | Promise<T>): Promise<T> {
    const startMs = now();
    const result = await work();
    this.add({ lane: 'host', name, startMs, endMs: now() });
    return result;
  }

  /** Hands over what was recorded and starts anew. */
  take(): Recorded {
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
}
