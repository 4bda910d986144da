import { useDeferredValue, useMemo } from 'react';
import { LAYER_CHOICES } from '#lab/layers/params.ts';
import type { LayerRun } from '#lab/layers/run.ts';
import { toPerfetto, traceFileName } from '#lab/perfetto.ts';
import type { Bar } from '#ui/clock/bars.ts';
import { Clock } from '#ui/clock/Clock.tsx';
import { download } from '#ui/components/files.ts';
import { Panel } from '#ui/components/Panel.tsx';
import { counted } from '#ui/components/words.ts';
import { useLayers } from '../useLayers.ts';
import { clockOf, traceLabels } from './layerClock.ts';
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
        <p className={`quiet stack ${css['waiting']}`}>
          What took how long is drawn here once the ranks have run.
        </p>
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

/** Saves the spans of the run for a viewer that can do more than this page. */
function ExportButton({ run }: { readonly run: LayerRun | null }) {
  const reason = run === null ? 'There is nothing to export before the first run.' : undefined;
  return (
    <button
      type="button"
      className="ghost"
      disabled={run === null}
      title={reason ?? 'Opens in ui.perfetto.dev and chrome://tracing'}
      onClick={() => run !== null && exportTrace(run)}
    >
      Export trace
    </button>
  );
}

function exportTrace(run: LayerRun): void {
  const { layer, ranks } = run.params;
  const label = LAYER_CHOICES.find(({ id }) => id === layer)?.label ?? layer;
  const on = counted(ranks, 'rank');
  const trace = toPerfetto(run.spans, {
    title: `${label} on ${on}`,
    date: new Date(),
    userAgent: navigator.userAgent,
    devices: run.devices,
    labels: traceLabels(stepSpans(run)),
  });
  download(traceFileName(`${label} ${on}`), JSON.stringify(trace), 'application/json');
}
