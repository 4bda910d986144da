/** What a page tells of a model on its ranks: how far they are, what they hold, and what they will say to each other. */

import type { ModelLoading } from '../../protocol.ts';
import { weightTypesOn } from './fits.ts';
import type { ModelSession } from './session.ts';
import type { LoadedFacts, RankLoading } from './state.ts';
import { readBytesOf } from './tokenPlan.ts';

/** @param elapsedMs since the first of them began */
export function loadingOf(ranks: readonly ModelLoading[], elapsedMs: number): RankLoading[] {
  return ranks.map(({ bytes, keptBytes, totalBytes, done, failure }) => ({
    bytes,
    keptBytes,
    totalBytes,
    bytesPerSecond: elapsedMs > 0 && bytes > 0 ? (1000 * bytes) / elapsedMs : null,
    done,
    failure,
  }));
}

export function factsOf(session: ModelSession, loadMs: number): LoadedFacts {
  const { devices, folder, placement, worldSize, positions, windowBytes, held } = session;
  const costs = session.costs(1);
  return {
    devices,
    placement,
    worldSize,
    positions,
    memory: held.map(({ weightBytes, kvBytes }, rank) => ({
      weights: weightBytes,
      cache: kvBytes,
      activations: costs[rank]?.activationBytes ?? 0,
      windows: windowBytes,
    })),
    packed: devices.some((device) => {
      const types = weightTypesOn(device, folder.checkpoint);
      return types !== undefined && [...folder.checkpoint.keys()].some((name) => types(name) !== 'f32');
    }),
    planned: session.tokenPlan('all'),
    loadMs,
  };
}

/** What a rank reads from the others for a token; the most that any does. */
export function mostReadBytes({ planned }: LoadedFacts): number {
  return Math.max(...planned.map(readBytesOf));
}
