/** The events of a trace file: their types, and those that name its processes and threads. */

import { type PlacedSlice, THREADS, type ThreadName } from './slices.ts';

export type Args = Readonly<Record<string, string | number>>;

interface Place {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
}

interface Timed extends Place {
  readonly cat: string;
  /** Microseconds since the first span began. */
  readonly ts: number;
}

export type MetadataEvent = Place & { readonly ph: 'M'; readonly args: Args };
export type TimedEvent =
  | (Timed & { readonly ph: 'X'; readonly dur: number; readonly args: Args })
  | (Timed & { readonly ph: 's'; readonly id: number })
  /** `e`: the arrow ends at the slice around `ts`, and not at the next one. */
  | (Timed & { readonly ph: 'f'; readonly id: number; readonly bp: 'e' });

/** Unique over all ranks, for not every reader tells equal numbers in two processes apart. */
function threadId(rank: number, thread: ThreadName, track: number): number {
  return 1000 * rank + 100 * (THREADS.indexOf(thread) + 1) + track;
}

export function idOf({ span, thread, track }: PlacedSlice): number {
  return threadId(span.rank, thread, track);
}

export function processEvents(rank: number, name: string): MetadataEvent[] {
  const place = { ph: 'M', pid: rank, tid: threadId(rank, 'device', 0) } as const;
  return [
    { ...place, name: 'process_name', args: { name } },
    { ...place, name: 'process_sort_index', args: { sort_index: rank } },
  ];
}

export function threadEvents(row: readonly PlacedSlice[]): MetadataEvent[] {
  const firsts = [...new Map(row.map((slice) => [slice.track, slice])).values()];
  return firsts.flatMap((slice) => {
    const place = { ph: 'M', pid: slice.span.rank, tid: idOf(slice) } as const;
    const name = slice.track === 0 ? slice.thread : `${slice.thread}, at the same time`;
    return [
      { ...place, name: 'thread_name', args: { name } },
      { ...place, name: 'thread_sort_index', args: { sort_index: idOf(slice) } },
    ];
  });
}
