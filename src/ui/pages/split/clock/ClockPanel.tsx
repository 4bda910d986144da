import { type ReactNode, useDeferredValue, useMemo } from 'react';
import type { SplitRun } from '#lab/split/run.ts';
import { progressAt } from '#lab/split/timeline.ts';
import { Clock } from '#ui/clock/Clock.tsx';
import { Panel } from '#ui/components/Panel.tsx';
import { formatMs } from '#ui/format.ts';
import css from '../split.module.css';
import { useSplit } from '../useSplit.ts';
import { clockMoment } from './momentTime.ts';
import { clockOf } from './spanKind.ts';

/** All ranks on one clock, with a line where the scrubber stands. `children` stand at its foot. */
export function ClockPanel({ children }: { readonly children?: ReactNode }) {
  // After what is nearer to the hand: a slider that is dragged makes a new run many times a second.
  const run = useDeferredValue(useSplit((state) => state.run));
  return (
    <Panel
      title="The clock"
      hint={run === null ? '' : `all ranks, one clock, ${formatMs(run.endMs - run.startMs)}`}
    >
      {run === null ? <div className={css['waiting']} /> : <SplitClock run={run} />}
      {children}
    </Panel>
  );
}

function SplitClock({ run }: { readonly run: SplitRun }) {
  const at = useSplit((state) => state.at);
  const model = useMemo(() => clockOf(run), [run]);
  const moment = useMemo(() => clockMoment(run, progressAt(run.timeline, at).moment), [run, at]);
  return <Clock model={model} {...moment} />;
}
