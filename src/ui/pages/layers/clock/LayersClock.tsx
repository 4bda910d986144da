import { useDeferredValue, useMemo, useState } from 'react';
import { LAYER_CHOICES } from '#lab/layers/params.ts';
import type { LayerRun } from '#lab/layers/run.ts';
import { toPerfetto, traceFileName } from '#lab/perfetto.ts';
import type { Bar } from '#ui/clock/bars.ts';
import { Clock } from '#ui/clock/Clock.tsx';
import { momentOnClock } from '#ui/clock/clockWords.ts';
import { download } from '#ui/components/files.ts';
import { Segmented } from '#ui/components/Options.tsx';
import { Panel } from '#ui/components/Panel.tsx';
import { counted } from '#ui/components/words.ts';
import { useLayers } from '../useLayers.ts';
import { clockOf, oneGoClock, traceLabels } from './layerClock.ts';
import css from './layersClock.module.css';
import { clockMoment, ONE_GO_HINT, stepSpans } from './stepSpans.ts';
import { Totals } from './Totals.tsx';

/** Each thing waited for before the next, so that it has a time of its own; or nothing but what is needed. */
type Pass = 'steps' | 'one-go';

const PASSES = [
  { value: 'steps', label: 'Step by step' },
  { value: 'one-go', label: 'In one go' },
] as const satisfies readonly { readonly value: Pass; readonly label: string }[];

/** All ranks of the pass on one clock, to be looked at closely and taken away. */
export function LayersClock() {
  // After what is nearer to the hand: a slider that is dragged makes a new run many times a second.
  const run = useDeferredValue(useLayers((state) => state.run));
  const [pass, setPass] = useState<Pass>('steps');
  return (
    <Panel
      title="The clock"
      hint="device, ring and wait in their own lanes"
      action={
        <div className="row gap-3">
          <Segmented inHead label="The pass" value={pass} options={PASSES} onChange={setPass} />
          <ExportButton run={run} pass={pass} />
        </div>
      }
    >
      {run === null ? (
        <p className={`quiet stack ${css['waiting']}`}>
          What took how long is drawn here once the ranks have run.
        </p>
      ) : (
        <RunClock run={run} pass={pass} />
      )}
    </Panel>
  );
}

interface PassOfRun {
  readonly run: LayerRun;
  readonly pass: Pass;
}

function RunClock({ run, pass }: PassOfRun) {
  const at = useLayers((state) => state.at);
  const seek = useLayers((state) => state.seek);
  const select = useLayers((state) => state.select);
  const steps = useMemo(() => stepSpans(run), [run]);
  const model = useMemo(() => clockOf(run, steps), [run, steps]);
  const oneGo = useMemo(() => oneGoClock(run), [run]);
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
      {pass === 'steps' ? (
        <Clock model={model} {...moment} onChoose={choose} />
      ) : (
        <Clock model={oneGo} {...momentOnClock(oneGo, [], '', ONE_GO_HINT)} />
      )}
      <Totals run={run} model={model} />
    </>
  );
}

/** Saves the spans of the run for a viewer that can do more than this page. */
function ExportButton({ run, pass }: { readonly run: LayerRun | null; readonly pass: Pass }) {
  const reason = run === null ? 'There is nothing to export before the first run.' : undefined;
  return (
    <button
      type="button"
      className="ghost"
      disabled={run === null}
      title={reason ?? 'Opens in ui.perfetto.dev and chrome://tracing'}
      onClick={() => run !== null && exportTrace({ run, pass })}
    >
      Export trace
    </button>
  );
}

function exportTrace({ run, pass }: PassOfRun): void {
  const { layer, ranks } = run.params;
  const label = LAYER_CHOICES.find(({ id }) => id === layer)?.label ?? layer;
  const on = counted(ranks, 'rank');
  const trace = toPerfetto(pass === 'steps' ? run.spans : run.oneGoSpans, {
    title: `${label} on ${on}`,
    date: new Date(),
    userAgent: navigator.userAgent,
    devices: run.devices,
    labels: traceLabels(stepSpans(run)),
  });
  download(traceFileName(`${label} ${on}`), JSON.stringify(trace), 'application/json');
}
