/** What a page tells of a model on its ranks: how far they are, what they hold, and what they will say to each other. */

import type { WeightRounding } from '../../program/packing.ts';
import type { ModelLoading } from '../../protocol.ts';
import { weightTypesOf } from './fits.ts';
import type { ModelSession } from './session.ts';
import type { LoadedFacts, RankLoading, RankMemory } from './state.ts';
import { readBytesOf } from './tokenPlan.ts';

/** @param elapsedMs since the first of them began */
export function loadingOf(ranks: readonly ModelLoading[], elapsedMs: number): RankLoading[] {
  return ranks.map(({ bytes, keptBytes, totalBytes, shardBytes, done, failure }) => ({
    bytes,
    keptBytes,
    totalBytes,
    shardBytes,
    bytesPerSecond: elapsedMs > 0 && bytes > 0 ? (1000 * bytes) / elapsedMs : null,
    done,
    failure,
  }));
}

export function factsOf(session: ModelSession, loadMs: number): LoadedFacts {
  const { devices, folder, placement, worldSize, positions, windowBytes, held, weights } = session;
  const typesOn = weightTypesOf(folder, 'stored');
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
      const types = typesOn(device);
      return types !== undefined && [...folder.checkpoint.keys()].some((name) => types(name) !== 'f32');
    }),
    weights,
    rounding: roundingOf(held.map(({ rounding }) => rounding)),
    agreement: null,
    planned: session.tokenPlan('all'),
    loadMs,
  };
}

/** Of all ranks together: √(Σ (w' − w)² ÷ Σ w²), w' being what w was rounded to; null where nothing was. */
export function roundingOf(ranks: readonly WeightRounding[]): number | null {
  const sum = (of: (one: WeightRounding) => number): number =>
    ranks.reduce((total, one) => total + of(one), 0);
  const squares = sum((one) => one.squares);
  return squares === 0 ? null : Math.sqrt(sum((one) => one.errorSquares) / squares);
}

/** All that a rank holds. */
export function totalBytes({ weights, cache, activations, windows }: RankMemory): number {
  return weights + cache + activations + windows;
}

/** What a rank reads from the others for a token; the most that any does. */
export function mostReadBytes({ planned }: LoadedFacts): number {
  return Math.max(...planned.map(readBytesOf));
}
