/** What each rank did, in sums, from its log and the trace alone: to be put beside what the plan predicted. */

import type { Span } from '../../base/trace.ts';
import { bytesOf } from '../../numerics/dtype.ts';
import type { Cost } from '../../program/plan.ts';
import type { LayerRankResult } from '../../protocol.ts';

/** @param spans of all ranks: in a ring that pulls, what a rank has sent is what the others read from it */
export function measuredCosts(ranks: readonly LayerRankResult[], spans: readonly Span[]): Cost[] {
  const sent = bytesSent(spans);
  return ranks.map(({ rank, events, weightBytes, kvBytes }) => ({
    flops: events.reduce((sum, event) => sum + event.flops, 0),
    weightBytes,
    kvBytes,
    activationBytes: events.reduce((sum, event) => sum + bytesOf(event.made, 'f32'), 0),
    collectives: spans.flatMap((span) => {
      if (span.kind !== 'collective' || span.rank !== rank) return [];
      const { collective: kind, bytes, seq } = span;
      return [{ kind, bytes, wireBytes: sent.get(keyOf(seq, rank)) ?? 0 }];
    }),
  }));
}

/** Bytes that others read from a rank in a collective. */
function bytesSent(spans: readonly Span[]): Map<string, number> {
  const sent = new Map<string, number>();
  for (const span of spans) {
    if (span.kind !== 'step' || span.from === span.rank) continue;
    const key = keyOf(span.seq, span.from);
    sent.set(key, (sent.get(key) ?? 0) + span.bytes);
  }
  return sent;
}

function keyOf(seq: number, rank: number): string {
  return `${seq} from ${rank}`;
}
