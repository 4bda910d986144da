/**
 * Reads a trace file as its viewers do and says everything that is wrong with it. Written from the Trace Event Format
 * document, and from how Perfetto's importer binds arrows: events in the order of time (of the file, where equal), an
 * arrow's end to the slice that was opened last on its thread.
 */

type Event = Readonly<Record<string, unknown>>;

interface Slice {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly start: number;
  readonly end: number;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface ReadTrace {
  readonly problems: readonly string[];
  readonly slices: readonly Slice[];
  readonly arrows: readonly { readonly from: Slice; readonly to: Slice }[];
  /** By process and thread id. */
  readonly processes: ReadonlyMap<number, string>;
  readonly threads: ReadonlyMap<number, string>;
}

const METADATA: Readonly<Record<string, [field: string, type: string]>> = {
  process_name: ['name', 'string'],
  thread_name: ['name', 'string'],
  process_sort_index: ['sort_index', 'number'],
  thread_sort_index: ['sort_index', 'number'],
};

const isId = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;
const isTime = (value: unknown): value is number => Number.isFinite(value) && (value as number) >= 0;

/** @param text the file */
export function readTrace(text: string): ReadTrace {
  const reader = new Reader();
  const file = JSON.parse(text) as { traceEvents: Event[]; displayTimeUnit?: unknown; otherData?: object };
  if (file.displayTimeUnit !== 'ms' && file.displayTimeUnit !== 'ns') reader.problems.push('displayTimeUnit');
  for (const value of Object.values(file.otherData ?? {})) {
    if (typeof value !== 'string') reader.problems.push(`otherData has ${value}`);
  }
  const timed = file.traceEvents.filter((event) => {
    reader.checkCommon(event);
    if (event['ph'] === 'M') reader.metadata(event);
    return event['ph'] !== 'M';
  });
  // Sorting is stable, as in the viewers.
  for (const event of timed.sort((a, b) => Number(a['ts']) - Number(b['ts']))) reader.timed(event);
  reader.finish();
  return reader;
}

class Reader implements ReadTrace {
  readonly problems: string[] = [];
  readonly slices: Slice[] = [];
  readonly arrows: { from: Slice; to: Slice }[] = [];
  readonly processes = new Map<number, string>();
  readonly threads = new Map<number, string>();
  readonly #processOf = new Map<number, number>();
  readonly #open = new Map<number, Slice[]>();
  readonly #begun = new Map<string, { from: Slice; ended: boolean }>();

  checkCommon(event: Event): void {
    const { name, ph, pid, tid, cat, ts, args } = event;
    const check = (fine: boolean, what: string): void => {
      if (!fine) this.problems.push(`${what} in ${JSON.stringify(event)}`);
    };
    check(typeof name === 'string' && name !== '', 'name');
    check(typeof ph === 'string' && ['M', 'X', 's', 'f'].includes(ph), 'ph');
    check(isId(pid) && isId(tid), 'pid or tid');
    check(ph === 'M' || (typeof cat === 'string' && isTime(ts)), 'cat or ts');
    for (const value of Object.values(args ?? {})) {
      check(typeof value === 'string' || Number.isFinite(value), 'args');
    }
    const process = this.#processOf.get(tid as number) ?? pid;
    check(process === pid, 'a thread id of another process');
    this.#processOf.set(tid as number, pid as number);
  }

  metadata(event: Event): void {
    const [field, type] = METADATA[event['name'] as string] ?? ['', ''];
    const value = (event['args'] as Event)[field];
    if (typeof value !== type) this.problems.push(`metadata ${JSON.stringify(event)}`);
    if (event['name'] === 'process_name') this.processes.set(event['pid'] as number, String(value));
    if (event['name'] === 'thread_name') this.threads.set(event['tid'] as number, String(value));
  }

  timed(event: Event): void {
    if (event['ph'] === 'X') this.#slice(event);
    else if (event['ph'] === 's') this.#begin(event);
    else this.#end(event);
  }

  #slice(event: Event): void {
    const { name, pid, tid, ts, dur, args } = event;
    if (!isTime(dur)) this.problems.push(`dur in ${JSON.stringify(event)}`);
    // In nanoseconds, as Perfetto reads it: sums of microseconds with decimals would not be exact.
    const start = Math.round(1000 * (ts as number));
    const end = start + Math.round(1000 * (dur as number));
    const slice = { name, pid, tid, start, end, args: args ?? {} } as Slice;
    const open = this.#open.get(slice.tid) ?? [];
    this.#open.set(slice.tid, open);
    for (let top = open.at(-1); top !== undefined && top.end <= start; top = open.at(-1)) open.pop();
    const parent = open.at(-1);
    if (parent !== undefined && end > parent.end)
      this.problems.push(`${name} overlaps ${parent.name} on thread ${tid}`);
    open.push(slice);
    this.slices.push(slice);
  }

  /** The slice that an end of an arrow binds to. */
  #bound(event: Event): Slice | undefined {
    const ns = Math.round(1000 * (event['ts'] as number));
    const slice = this.#open.get(event['tid'] as number)?.at(-1);
    if (slice !== undefined && slice.pid === event['pid'] && slice.start <= ns && ns <= slice.end)
      return slice;
    this.problems.push(`no slice around ${JSON.stringify(event)}`);
    return undefined;
  }

  #begin(event: Event): void {
    const from = this.#bound(event);
    const id = arrowId(event);
    if (this.#begun.has(id)) this.problems.push(`two arrows ${id}`);
    if (from !== undefined) this.#begun.set(id, { from, ended: false });
  }

  #end(event: Event): void {
    const to = this.#bound(event);
    const begun = this.#begun.get(arrowId(event));
    if (event['bp'] !== 'e') this.problems.push(`bp in ${JSON.stringify(event)}`);
    if (begun === undefined || begun.ended) {
      this.problems.push(`an arrow ends that did not begin before: ${JSON.stringify(event)}`);
      return;
    }
    begun.ended = true;
    if (to !== undefined) this.arrows.push({ from: begun.from, to });
  }

  finish(): void {
    for (const [id, { ended }] of this.#begun) if (!ended) this.problems.push(`arrow ${id} has no end`);
    for (const { pid, tid } of this.slices) {
      if (!this.processes.has(pid) || !this.threads.has(tid)) this.problems.push(`${pid}/${tid} has no name`);
    }
  }
}

/** Arrows are one where name, category and id are. */
function arrowId({ name, cat, id }: Event): string {
  return `${name} ${cat} ${id}`;
}
