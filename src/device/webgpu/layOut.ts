/** From what was observed of a batch of operations to spans. No time here is a guess. */

import type { Span } from '../../base/trace.ts';

/** An operation, or several of one pass. */
export interface PendingOp {
  readonly name: string;
  /** When the host submitted it. */
  readonly startMs: number;
  readonly flops: number;
}

/** When the GPU began and ended an operation, in nanoseconds on a clock of its own. */
export interface GpuTime {
  readonly begin: bigint;
  readonly end: bigint;
}

export type OpSpan = Omit<Span, 'rank'>;

/**
 * The spans of operations that ran one after another and whose common end was observed at `endMs`.
 *
 * One operation lasted from its submission to that end. Several lie as the GPU's clock has them, the last one ending at
 * `endMs`; without that clock they are one span with all their names, for nobody saw where one ended.
 *
 * @param times one for each operation, or null where the GPU tells none.
 */
export function layOut(ops: readonly PendingOp[], times: readonly GpuTime[] | null, endMs: number): OpSpan[] {
  const [first] = ops;
  if (first === undefined) return [];
  const known = times !== null && areSane(times) ? times : null;
  if (known === null) return [spanOf(joined(ops), endMs)];

  const lastEnd = known.at(-1)?.end ?? 0n;
  // Both clocks tick alike, but the GPU's is rounded to 100 µs by Chrome: keep within what the host saw.
  const onHostClock = (gpu: bigint) => Math.max(first.startMs, endMs - milliseconds(lastEnd - gpu));
  return ops.map((op, i) => {
    const time = known[i];
    if (time === undefined) return spanOf(op, endMs);
    const gpuMs = milliseconds(time.end - time.begin);
    const startMs = ops.length === 1 ? op.startMs : onHostClock(time.begin);
    return { ...spanOf({ ...op, startMs }, onHostClock(time.end)), gpuMs };
  });
}

/** A copy to the device: when the host called, when the call returned. */
export interface Upload {
  readonly startMs: number;
  readonly endMs: number;
  readonly bytes: number;
}

/**
 * The spans of uploads. Where nothing but uploads was under way, they lasted together until their end was observed at
 * `endMs`; behind an operation nobody sees it (null), and each span is the host's side alone.
 */
export function layOutUploads(uploads: readonly Upload[], endMs: number | null): OpSpan[] {
  const [first] = uploads;
  if (first === undefined) return [];
  if (endMs === null) return uploads.map((upload) => ({ lane: 'device', name: 'upload', ...upload }));
  const bytes = uploads.reduce((sum, upload) => sum + upload.bytes, 0);
  return [{ lane: 'device', name: 'upload', startMs: first.startMs, endMs, bytes }];
}

/** Adapters do return zeros and clocks that jump back, above all after sleep. */
function areSane(times: readonly GpuTime[]): boolean {
  return times.every(({ begin, end }, i) => begin > 0n && begin <= end && (times[i - 1]?.end ?? 0n) <= begin);
}

function spanOf(op: PendingOp, endMs: number): OpSpan {
  const { name, startMs, flops } = op;
  return { lane: 'device', name, startMs, endMs, ...(flops > 0 && { flops }) };
}

/** Operations that nobody saw one by one: "linear ×12, add ×12", and all their flops. */
export function joined(ops: readonly PendingOp[]): PendingOp {
  const counts = new Map<string, number>();
  for (const { name } of ops) counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = [...counts].map(([name, count]) => (count === 1 ? name : `${name} ×${count}`));
  const flops = ops.reduce((sum, op) => sum + op.flops, 0);
  return { name: names.join(', '), flops, startMs: ops[0]?.startMs ?? 0 };
}

function milliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e6;
}
