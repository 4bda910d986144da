import { useSplit } from '../useSplit.ts';
import { useDelayed } from './useDelayed.ts';

/** Longer than the instants before the first run and between two, in which the store is idle too. */
const INSTANT_MS = 150;

/** Whether nothing is under way, and nothing about to be. */
export function useIdle(): boolean {
  return useDelayed(
    useSplit((state) => state.phase === 'idle'),
    INSTANT_MS,
  );
}
