/** What an iteration's spans add up to: in kernels, in moving data, in waiting for other ranks. */

import type { Span } from '../../../base/trace.ts';
import type { BenchBatch } from '../../../protocol/bench.ts';

export type Times = Pick<BenchBatch, 'computeMs' | 'commMs' | 'waitMs'>;

/**
 * A copy between host and device is communication: only a collective, or a model, asks for it inside of an iteration.
 * @param shared whether all ranks are on one device, where the copy of one waits for what the others compute, and all of
 *   them wait at once: then it is the time in which copies are all that there is
 */
export function timesOf(spans: readonly Span[], shared: boolean): Times {
  let [commMs, waitMs] = [0, 0];
  const [computing, copying]: [Span[], Span[]] = [[], []];
  for (const span of spans) {
    const ms = span.endMs - span.startMs;
    switch (span.kind) {
      case 'op':
      case 'batch':
        computing.push(span);
        break;
      case 'step':
        commMs += ms - span.waitMs;
        waitMs += span.waitMs;
        break;
      case 'upload':
      case 'readback':
      case 'window':
      case 'message':
        commMs += shared ? 0 : ms;
        copying.push(span);
        break;
      case 'collective': // the sum of its steps
      case 'drain':
      case 'host':
        break;
      default:
        span satisfies never;
    }
  }
  // Once, where kernels were enqueued while others ran: nobody sees when one of them began.
  const computeMs = covered(computing);
  if (shared) commMs += covered([...computing, ...copying]) - computeMs;
  return { computeMs, commMs, waitMs };
}

/** Milliseconds in which any of them is. */
export function covered(spans: readonly Span[]): number {
  let [total, end] = [0, Number.NEGATIVE_INFINITY];
  for (const span of spans.toSorted((a, b) => a.startMs - b.startMs)) {
    total += Math.max(0, span.endMs - Math.max(end, span.startMs));
    end = Math.max(end, span.endMs);
  }
  return total;
}
