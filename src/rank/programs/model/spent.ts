/** Where the time of a pass went on a rank, and which collectives it made: sums over its spans. */

import type { Span } from '../../../base/trace.ts';
import type { Spent } from '../../../protocol.ts';

/** @param ms of the whole pass */
export function spentOf(spans: readonly Span[], ms: number): Spent {
  const sums = { computeMs: 0, readbackMs: 0, ringMs: 0, waitMs: 0 };
  const collectives: Spent['collectives'][number][] = [];
  for (const span of spans) {
    const ms = span.endMs - span.startMs;
    switch (span.kind) {
      case 'op':
      case 'batch':
        sums.computeMs += ms;
        break;
      case 'upload':
      case 'readback':
        sums.readbackMs += ms;
        break;
      case 'step':
        sums.waitMs += span.waitMs;
        sums.ringMs += ms - span.waitMs;
        break;
      case 'window':
      case 'message':
        sums.ringMs += ms;
        break;
      case 'drain':
        sums.waitMs += ms;
        break;
      case 'collective': // the sum of its steps
        if (span.collective !== 'barrier') collectives.push({ kind: span.collective, bytes: span.bytes });
        break;
      case 'host':
        break;
      default:
        span satisfies never;
    }
  }
  return { ms, ...sums, collectives };
}
