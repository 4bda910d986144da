/** The run that is shown, once the settings have moved on: it is dimmed, and says so, until the next one is there. */

import type { ReactNode } from 'react';
import { type ExperimentState, type Kinds, sameParams } from '#lab/experiment.ts';
import { useDelayed } from '#ui/components/inTime.ts';
import css from './frame.module.css';
import type { ExperimentPageStore } from './pageStore.ts';

/** A run that is done sooner than this replaces the last one without a flicker: a slider that is dragged makes many. */
const FLICKER_MS = 120;

/** Why the run that is shown is not of what is chosen; null where it is, or there is none. */
export function useStale<E extends Kinds>({ use, experiment }: ExperimentPageStore<E>): string | null {
  const isStale = use(
    ({ run, params }) => run !== null && run.params !== params && !sameParams(experiment, run.params, params),
  );
  const why = use(whyStale);
  return useDelayed(isStale, FLICKER_MS) ? why : null;
}

function whyStale<E extends Kinds>({ problem, phase }: ExperimentState<E>): string {
  if (problem !== null) return 'What is chosen cannot run';
  return phase === 'idle' ? 'What is chosen has not run' : 'What is chosen is on its way';
}

interface RunPanelsProps<E extends Kinds> {
  readonly store: ExperimentPageStore<E>;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** The panels of a run: of their own, so that the scrubber stays in reach only as long as there is something that it moves. */
export function RunPanels<E extends Kinds>({ store, className = '', children }: RunPanelsProps<E>) {
  const stale = useStale(store) !== null;
  return (
    <div className={`${css['panels']} ${className}`} data-stale={stale || undefined}>
      {children}
    </div>
  );
}
