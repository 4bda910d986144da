/**
 * Spans as a file for ui.perfetto.dev and chrome://tracing, in the JSON of the Trace Event Format
 * (https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU). A rank is a process, its lanes are
 * threads, and arrows lead from the step that published a chunk to the one that read it.
 */

import { version } from '../../package.json';
import { type Span, spanName } from '../base/trace.ts';
import type { DeviceInfo } from '../protocol.ts';
import { type Arrow, arrowsOf } from './perfetto/arrows.ts';
import {
  type Args,
  idOf,
  type MetadataEvent,
  processEvents,
  type TimedEvent,
  threadEvents,
} from './perfetto/events.ts';
import { type PlacedSlice, placed, type Slice, slicesOf, THREADS } from './perfetto/slices.ts';

export interface PerfettoTrace {
  readonly traceEvents: readonly (MetadataEvent | TimedEvent)[];
  readonly displayTimeUnit: 'ms';
  readonly otherData: Readonly<Record<string, string>>;
}

export interface TraceAbout {
  /** What ran: "Attention on 4 ranks". */
  readonly title: string;
  readonly date: Date;
  readonly userAgent: string;
  /** Of each rank. */
  readonly devices: readonly Pick<DeviceInfo, 'label'>[];
  /** Of the device that all of them share, where its spans are those of a rank behind the last one. */
  readonly shared?: Pick<DeviceInfo, 'label'>;
  /** What a span is called; its own name is then among its arguments. */
  readonly labels?: ReadonlyMap<Span, string>;
}

export function toPerfetto(spans: readonly Span[], about: TraceAbout): PerfettoTrace {
  const { title, date, userAgent, devices, shared, labels } = about;
  const slices = slicesOf(spans);
  const processes = [
    ...devices.map(({ label }, rank) => `rank ${rank} · ${label}`),
    ...(shared === undefined ? [] : [`the device of all ranks · ${shared.label}`]),
  ];
  const ranks = [...processes.keys()];
  const threads = ranks.flatMap((rank) => THREADS.map((thread) => ({ rank, thread })));
  const rows = threads.map(({ rank, thread }) =>
    placed(slices.filter((slice) => slice.span.rank === rank && slice.thread === thread)),
  );
  const flows = flowsOf(arrowsOf(rows.flat(), devices.length));
  // Where times are equal, viewers go by the order in the file: an arrow binds to the slice before it.
  const events = rows
    .flat()
    .flatMap((slice) => [complete(slice, labels?.get(slice.span)), ...(flows.get(slice) ?? [])]);
  const names = processes.flatMap((name, rank) => [
    ...processEvents(rank, name),
    ...rows.flatMap((row) => threadEvents(row.filter(({ span }) => span.rank === rank))),
  ]);
  return {
    traceEvents: [...names, ...events.sort((a, b) => a.ts - b.ts)],
    displayTimeUnit: 'ms',
    otherData: { title, recorded: date.toISOString(), userAgent, version: `Ringside ${version}` },
  };
}

/** "ringside-attention-4-ranks.json" */
export function traceFileName(title: string): string {
  const words = title.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return `${['ringside', ...words].join('-')}.json`;
}

function complete(slice: PlacedSlice, label: string | undefined): TimedEvent {
  const { span, thread, start, end } = slice;
  const waits = thread === 'wait' && span.kind === 'step';
  return {
    name: waits ? `wait for rank ${span.from}` : (label ?? spanName(span)),
    cat: thread,
    ph: 'X',
    pid: span.rank,
    tid: idOf(slice),
    ts: start / 1000,
    dur: (end - start) / 1000,
    args: argsOf(slice, label),
  };
}

function argsOf({ span, thread }: Slice, label: string | undefined): Args {
  const { bytes, flops, gpuMs } = span;
  const step = span.kind === 'step' ? span : undefined;
  const call = span.kind === 'collective' ? span : undefined;
  // Not from the slice, which may have been trimmed.
  const ms = span.endMs - span.startMs - (step?.waitMs ?? 0);
  const rate = (amount: number | undefined): number | undefined =>
    amount === undefined ? undefined : amount / (ms * 1e6);
  const of = step && { chunk: step.chunk, from: step.from, step: step.index, segment: step.segment };
  const seq = 'seq' in span ? span.seq : undefined;
  if (thread === 'wait') return known({ ...of, seq });
  return known({
    ...(label !== undefined && { operation: spanName(span) }),
    kernel: span.kind === 'op' ? span.variant : undefined,
    bytes,
    flops,
    gpuMs,
    'GFLOP/s': rate(flops),
    'GB/s': thread === 'comm' ? rate(bytes) : undefined,
    algorithm: call?.algorithm,
    elements: call?.length,
    seq,
    ...of,
    waitMs: step?.waitMs,
  });
}

/** Without what is not there: JSON has no undefined, no NaN and no infinity. */
function known(args: Readonly<Record<string, string | number | undefined>>): Args {
  const entries = Object.entries(args).filter(
    (entry): entry is [string, string | number] =>
      entry[1] !== undefined && (typeof entry[1] === 'string' || Number.isFinite(entry[1])),
  );
  return Object.fromEntries(entries);
}

/** The ends of the arrows, by the slice that they bind to. */
function flowsOf(arrows: readonly Arrow[]): Map<PlacedSlice, TimedEvent[]> {
  const flows = new Map<PlacedSlice, TimedEvent[]>();
  for (const [id, { from, to, start, end }] of arrows.entries()) {
    const arrow = { name: 'chunk', cat: 'ring', id } as const;
    const begins = { ...arrow, ph: 's', pid: from.span.rank, tid: idOf(from), ts: start / 1000 } as const;
    const ends = { ...arrow, ph: 'f', bp: 'e', pid: to.span.rank, tid: idOf(to), ts: end / 1000 } as const;
    flows.set(from, [...(flows.get(from) ?? []), begins]);
    flows.set(to, [...(flows.get(to) ?? []), ends]);
  }
  return flows;
}
