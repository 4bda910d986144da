/** A conversation on one clock, for Perfetto: each token as a span of each rank, and of the last ones all that was done. */

import { type HostSpan, type Span, spanLane } from '../../base/trace.ts';
import type { RecordedPass, Spent } from '../../protocol.ts';
import type { ShownToken, Turn } from './state.ts';

export interface Timeline {
  readonly spans: readonly Span[];
  /** What those of tokens are called. */
  readonly labels: ReadonlyMap<Span, string>;
}

/**
 * @param recorded by rank, as the ranks have it: the last passes, of whatever text; what a device of all ranks did is
 *   given to a rank behind the last one
 */
export function timelineOf(turns: readonly Turn[], recorded: readonly (readonly RecordedPass[])[]): Timeline {
  const tokens = turns.flatMap((turn) => turn.tokens).filter(({ spent }) => spent.length > 0);
  const worldSize = Math.max(0, ...tokens.map(({ spent }) => spent.length));
  const shared = tokens.some(({ spent }) => spent[0]?.shared === true);
  const labels = new Map<Span, string>();
  const spans: Span[] = [];
  for (let rank = 0; rank < worldSize; rank++) {
    const passes = passesOf(tokens, recorded[rank] ?? [], rank);
    const known = new Set(passes.map(({ startMs }) => startMs));
    for (const { prefill, tokens, startMs, endMs } of passes)
      if (prefill) spans.push({ kind: 'host', rank, startMs, endMs, name: `prefill of ${tokens}` });
    for (const [i, token] of tokens.entries()) {
      const spent = token.spent[rank];
      if (spent === undefined) continue;
      const { startMs, ms } = spent;
      const span: HostSpan = { kind: 'host', rank, startMs, endMs: startMs + ms, name: 'token' };
      labels.set(span, `${i + 1} “${token.text}”${known.has(startMs) ? '' : partsText(spent)}`);
      spans.push(span);
    }
    for (const span of passes.flatMap((pass) => pass.spans))
      spans.push(shared && spanLane(span) === 'device' ? { ...span, rank: worldSize } : span);
  }
  return { spans, labels };
}

/** Those of these tokens, and the prefills that they came behind. What was written since and is gone is no part of it. */
function passesOf(
  tokens: readonly ShownToken[],
  recorded: readonly RecordedPass[],
  rank: number,
): RecordedPass[] {
  const starts = new Set(tokens.map(({ spent }) => spent[rank]?.startMs));
  let prefills: RecordedPass[] = [];
  return recorded.flatMap((pass) => {
    if (pass.prefill) {
      prefills.push(pass);
      return [];
    }
    // What was read for a text that is gone ends with its first token.
    const read = prefills;
    prefills = [];
    return starts.has(pass.startMs) ? [...read, pass] : [];
  });
}

/** Of a pass whose spans are gone, what they came to. */
function partsText({ computeMs, readbackMs, ringMs, waitMs }: Spent): string {
  const parts = { compute: computeMs, readback: readbackMs, ring: ringMs, wait: waitMs };
  return Object.entries(parts)
    .map(([part, ms]) => `, ${part} ${ms.toFixed(3)} ms`)
    .join('');
}
