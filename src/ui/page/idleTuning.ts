/**
 * Kernels are measured without being asked for: on a real GPU, after a page's first answer, once nothing has run for some
 * seconds; not on a software adapter, where it would take the processor from whoever comes next.
 */

import type { RunState } from '#lab/runLoop.ts';
import { isTuningOff, tuningStore } from '#lab/tuning/tuning.ts';
import type { DeviceInfo } from '#protocol.ts';
import { USUAL_CLASSES } from '#tuning/shapeClass.ts';
import { isFree } from './machine.ts';

/** Whoever reads the answer is not yet at the next slider. */
const QUIET_MS = 4000;

interface Answered extends RunState {
  readonly run: { readonly devices: readonly DeviceInfo[] } | null;
}

interface Hands {
  /** Whether nothing runs, on any page. */
  readonly isFree: () => boolean;
  readonly tune: () => void;
  /** Ends what nobody asked for. */
  readonly giveWay: () => void;
}

/** @returns what is to be told of each change of a page's state */
export function createIdleTuning({ isFree: isIdle, tune, giveWay }: Hands): (state: Answered) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return ({ phase, alive, run }) => {
    clearTimeout(timer);
    if (phase !== 'idle') {
      giveWay();
      return;
    }
    const isReal = run?.devices.some(({ kind, software }) => kind === 'webgpu' && !software) ?? false;
    if (!alive || !isReal) return;
    timer = setTimeout(() => {
      if (isIdle()) tune();
    }, QUIET_MS);
  };
}

/** Of this page: once a visit, for what is measured stays. */
export const tuneWhenIdle = createIdleTuning({
  isFree: () => isFree() && !document.hidden && !isTuningOff(),
  tune: () => void tuningStore().getState().tuneUnasked(USUAL_CLASSES),
  giveWay() {
    const { unasked, stop } = tuningStore().getState();
    if (unasked) stop();
  },
});
