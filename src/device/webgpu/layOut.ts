/** From what was observed of a batch of operations to spans. No time here is a guess. */

import type { NewSpan } from '../../base/trace.ts';
import type { OperationName } from '../device.ts';

/** An operation that was submitted. */
export interface PendingOp {
  readonly op: OperationName;
  /** The id of its kernel's variant. */
  readonly variant?: string | undefined;
  /** When the host submitted it. */
  readonly startMs: number;
  readonly flops: number;
}

/** Operations of one pass, which the GPU's clock sees as one. */
export type ComputePass = readonly [PendingOp, ...PendingOp[]];

/** When the GPU began and ended a pass, in nanoseconds on a clock of its own. */
export interface GpuTime {
  readonly begin: bigint;
  readonly end: bigint;
}

/**
 * The spans of passes that ran one after another and whose common end was observed at `endMs`.
 *
 * One pass lasted from its submission to that end. Several lie as the GPU's clock has them, the last one ending at
 * `endMs`; without that clock they are one span with all their operations, for nobody saw where one ended.
 *
 * @param times one for each pass, or null where the GPU tells none.
 */
export function layOut(
  passes: readonly ComputePass[],
  times: readonly GpuTime[] | null,
  endMs: number,
): NewSpan[] {
  const [first, ...later] = passes;
  if (first === undefined) return [];
  const known = times !== null && areSane(times) ? times : null;
  if (known === null) return [spanOf([...first, ...later.flat()], endMs)];

  const lastEnd = known.at(-1)?.end ?? 0n;
  // Both clocks tick alike, but the GPU's is rounded to 100 µs by Chrome: keep within what the host saw.
  const onHostClock = (gpu: bigint) => Math.max(first[0].startMs, endMs - milliseconds(lastEnd - gpu));
  return passes.map((pass, i) => {
    const time = known[i];
    if (time === undefined) return spanOf(pass, endMs);
    const span = { ...spanOf(pass, onHostClock(time.end)), gpuMs: milliseconds(time.end - time.begin) };
    return later.length === 0 ? span : { ...span, startMs: onHostClock(time.begin) };
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
export function layOutUploads(uploads: readonly Upload[], endMs: number | null): NewSpan[] {
  const [first] = uploads;
  if (first === undefined) return [];
  if (endMs === null) return uploads.map((upload) => ({ kind: 'upload', ...upload }));
  const bytes = uploads.reduce((sum, upload) => sum + upload.bytes, 0);
  return [{ kind: 'upload', startMs: first.startMs, endMs, bytes }];
}

/** Adapters do return zeros and clocks that jump back, above all after sleep. */
function areSane(times: readonly GpuTime[]): boolean {
  return times.every(({ begin, end }, i) => begin > 0n && begin <= end && (times[i - 1]?.end ?? 0n) <= begin);
}

/** Several are one span, with all their flops. */
function spanOf(ops: ComputePass, endMs: number): NewSpan {
  const [first] = ops;
  const flops = ops.reduce((sum, op) => sum + op.flops, 0);
  const common = { startMs: first.startMs, endMs, ...(flops > 0 && { flops }) };
  if (ops.length === 1)
    return { kind: 'op', op: first.op, ...(first.variant && { variant: first.variant }), ...common };
  const counts = new Map<OperationName, number>();
  for (const { op } of ops) counts.set(op, (counts.get(op) ?? 0) + 1);
  return { kind: 'batch', ops: [...counts].map(([op, count]) => ({ op, count })), ...common };
}

function milliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e6;
}
