/** The page's one tuning, and what it tells the ranks of all pages. */

import type { StoreApi } from 'zustand/vanilla';
import { type LaunchOptions, launch } from '../../host/launch.ts';
import type { RankGroup } from '../../host/rankGroup.ts';
import type { TunedKernels } from '../../tuning/table.ts';
import { createTuningStore, type TuningStore } from './store.ts';

type Told = Pick<RankGroup<object>, 'preferTuned' | 'devices'>;

let opened: StoreApi<TuningStore> | null = null;
/** Groups that are up: what is measured meanwhile is told to them. */
const groups = new Set<Told>();

/** Opened at its first use, when what was kept is read. */
export function tuningStore(): StoreApi<TuningStore> {
  if (opened === null) {
    opened = createTuningStore();
    opened.subscribe(({ tables }, before) => {
      if (tables === before.tables) return;
      for (const group of groups) tell(group, tunedKernels());
    });
  }
  return opened;
}

/** `?tuned=off` before the hash: to compare with the guess. */
export function isTuningOff(): boolean {
  return 'location' in globalThis && new URLSearchParams(location.search).get('tuned') === 'off';
}

/** What ranks are to be told, as far as it is read. */
function tunedKernels(): TunedKernels {
  return isTuningOff() ? 'off' : tuningStore().getState().tables;
}

/**
 * Starts ranks that take the kernels that were measured on this machine, and goes on to tell them of others.
 * @throws LabError as {@link launch} does
 */
export async function launchRanks<P extends object>(options: LaunchOptions): Promise<RankGroup<P>> {
  const { unasked, stop } = tuningStore().getState();
  if (unasked) stop(); // it was for as long as nothing runs
  const tuned = tunedKernels();
  const group = await launch<P>({ ...options, tuned });
  groups.add(group);
  const now = tunedKernels();
  if (now !== tuned) tell(group, now); // what was kept was read while the ranks came up
  group.ended.addEventListener('abort', () => groups.delete(group), { once: true });
  return group;
}

/** A group that ends meanwhile needs no kernels. */
function tell(group: Told, kernels: TunedKernels): void {
  if (group.devices.some(({ kind }) => kind === 'webgpu')) group.preferTuned(kernels).catch(() => {});
}
