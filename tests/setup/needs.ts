/** What a test needs that a machine may lack. There it is skipped, and `npm test` says why at its end. */

import { existsSync } from 'node:fs';
import type { TestContext } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** What the test lacks cannot be installed, so that it may be skipped in continuous integration too. */
    uninstallable?: boolean;
  }
}

export interface Need {
  readonly here: boolean;
  /** Why a test does not run without it, and how it is had. */
  readonly reason: string;
  /** Whether continuous integration can install it: a test skipped there for the lack of it has failed. */
  readonly installable: boolean;
}

/** A device that opens and takes nothing, as a disk that has become full. */
export const FULL_DEVICE: Need = {
  here: existsSync('/dev/full'),
  reason: 'There is no /dev/full, which is a device of Linux.',
  installable: false,
};

/** A process on Windows ends at once by any signal, and its handlers are not asked. */
export const SIGNALS: Need = {
  here: process.platform !== 'win32',
  reason: 'Windows has no SIGINT that one process sends another.',
  installable: false,
};

/** Ends the test as skipped where this machine lacks what it needs. */
export function skipWithout({ here, reason, installable }: Need, { skip, task }: TestContext): void {
  if (here) return;
  if (!installable) task.meta.uninstallable = true;
  skip(reason);
}
