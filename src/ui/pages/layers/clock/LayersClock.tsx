import { useDeferredValue, useMemo } from 'react';
import type { LayerRun } from '#lab/layers/run.ts';
import type { Bar } from '#ui/clock/bars.ts';
import { Clock } from '#ui/clock/Clock.tsx';
import { Panel } from '#ui/components/Panel.tsx';
import { useLayers } from '../useLayers.ts';
import { ExportButton } from './ExportButton.tsx';
import { clockOf } from './layerClock.ts';
import css from './layersClock.module.css';
import { clockMoment, stepSpans } from './stepSpans.ts';
import { Totals } from './Totals.tsx';

/** All ranks of the pass on one clock, to be looked at closely and taken away. */
export function LayersClock() {
  // After what is nearer to the hand: a slider that is dragged makes a new run many times a second.
  const run = useDeferredValue(useLayers((state) => state.run));
  return (
    <Panel
      title="The clock"
      hint="device, ring and wait in their own lanes"
      action={<ExportButton run={run} />}
    >
      {run === null ? (
        <p className={css['waiting']}>What took how long is drawn here once the ranks have run.</p>
      ) : (
        <RunClock run={run} />
      )}
    </Panel>
  );
}

function RunClock({ run }: { readonly run: LayerRun }) {
  const at = useLayers((state) => state.at);
  const seek = useLayers((state) => state.seek);
  const select = useLayers((state) => state.select);
  const steps = useMemo(() => stepSpans(run), [run]);
  const model = useMemo(() => clockOf(run, steps), [run, steps]);
  const moment = useMemo(() => clockMoment(run, steps, at), [run, steps, at]);
  const choose = ({ stretches: [first] }: Bar): void => {
    const found = first && steps.get(first.span);
    if (found === undefined) return;
    const { index, step } = found;
    seek(index);
    // An operation that works in place changes what it is given first.
    const tensor = step.output ?? (step.kind === 'op' ? (step.inputs[0] ?? null) : null);
    if (tensor !== null) select(tensor);
  };
  return (
    <>
      <Clock model={model} {...moment} onChoose={choose} />
      <Totals run={run} model={model} />
    </>
  );
}
