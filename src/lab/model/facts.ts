/** What a page tells of a model on its ranks: how far they are, what they hold, and what they will say to each other. */

import type { ModelLoading } from '../../protocol.ts';
import type { ModelSession } from './session.ts';
import type { LoadedFacts, PlannedCall, RankLoading } from './state.ts';

/** @param elapsedMs since the first of them began */
export function loadingOf(ranks: readonly ModelLoading[], elapsedMs: number): RankLoading[] {
  return ranks.map(({ bytes, totalBytes, done, failure }) => ({
    bytes,
    totalBytes,
    bytesPerSecond: elapsedMs > 0 && bytes > 0 ? (1000 * bytes) / elapsedMs : null,
    done,
    failure,
  }));
}

export function factsOf(session: ModelSession, loadMs: number): LoadedFacts {
  const { devices, worldSize, positions, windowBytes, held } = session;
  const costs = session.costs(1);
  return {
    devices,
    worldSize,
    positions,
    memory: held.map(({ weightBytes, kvBytes }, rank) => ({
      weights: weightBytes,
      cache: kvBytes,
      activations: costs[rank]?.activationBytes ?? 0,
      windows: windowBytes,
    })),
    planned: costs.map(({ collectives }) => collectives),
    loadMs,
  };
}

/** What a rank sends for a token; the most that any does. */
export function wireBytesOf({ planned }: LoadedFacts): number {
  return Math.max(...planned.map((calls) => calls.reduce((sum, { wireBytes }) => sum + wireBytes, 0)));
}

/** "13 all_reduce, 1 all_gather" as text that is equal where the calls are: kinds and bytes, in order. */
export function callsOf(calls: readonly Pick<PlannedCall, 'kind' | 'bytes'>[]): string {
  return calls.map(({ kind, bytes }) => `${kind} ${bytes}`).join();
}
