/** Where the time of a pass went on a rank, and which collectives it made: sums over its spans. */

import type { Span } from '../../../base/trace.ts';
import type { Spent } from '../../../protocol.ts';

/** @param ms of the whole pass */
export function spentOf(spans: readonly Span[], ms: number): Spent {
  let [computeMs, readbackMs, ringMs, collectiveMs, readBytes] = [0, 0, 0, 0, 0];
  const collectives: Spent['collectives'][number][] = [];
  for (const span of spans) {
    const ms = span.endMs - span.startMs;
    switch (span.kind) {
      case 'op':
      case 'batch':
        computeMs += ms;
        break;
      case 'upload':
      case 'readback':
        readbackMs += ms;
        break;
      case 'step':
        ringMs += ms - span.waitMs;
        if (span.from !== span.rank) readBytes += span.bytes;
        break;
      case 'window':
        ringMs += ms;
        break;
      case 'collective':
        collectiveMs += ms;
        collectives.push({ kind: span.collective, bytes: span.bytes });
        break;
      case 'drain': // lies in a collective
      case 'message':
      case 'host':
        break;
      default:
        span satisfies never;
    }
  }
  // What a rank does in a collective beside moving and adding is to wait: for a step, for all to come, for all to have read.
  const waitMs = Math.max(0, collectiveMs - ringMs);
  return { ms, computeMs, readbackMs, ringMs, waitMs, readBytes, collectives };
}
