/** Where the time of a pass went on a rank, and which collectives it made: sums over its spans. */

import type { Span } from '../../../base/trace.ts';
import type { Spent } from '../../../protocol.ts';
import { covered } from '../bench/times.ts';

/** When it began, and all of its time. */
export type WholePass = Pick<Spent, 'startMs' | 'ms'>;

export function spentOf(spans: readonly Span[], pass: WholePass): Spent {
  let [computeMs, readbackMs, ringMs, collectiveMs] = [0, 0, 0, 0];
  let [readBytes, readbackBytes] = [0, 0];
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
        if (span.kind === 'readback') readbackBytes += span.bytes;
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
  const parts = { computeMs, readbackMs, ringMs, waitMs };
  return { ...pass, shared: false, ...parts, readBytes, readbackBytes, collectives };
}

/**
 * The same where all ranks are on one device: their operations are one queue, and where the device copies, it does so for
 * all of them. So the times are the device's, and the rank's own are its collectives, which take none of the host.
 * @param device what it did
 * @param own what this rank recorded
 */
export function spentOnOneDevice(device: readonly Span[], own: readonly Span[], pass: WholePass): Spent {
  const computing = device.filter(({ kind }) => kind === 'op' || kind === 'batch');
  const copying = device.filter(({ kind }) => kind === 'upload' || kind === 'readback');
  const computeMs = covered(computing);
  return {
    ...pass,
    shared: true,
    computeMs,
    readbackMs: covered([...computing, ...copying]) - computeMs,
    ringMs: 0,
    waitMs: 0,
    readBytes: 0,
    readbackBytes: spentOf(copying, pass).readbackBytes,
    collectives: spentOf(own, pass).collectives,
  };
}
