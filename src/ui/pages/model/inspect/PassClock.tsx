import { useMemo } from 'react';
import { placeOfStep } from '#lab/model/passParts.ts';
import type { Inspected } from '#lab/model/state.ts';
import { toPerfetto, traceFileName } from '#lab/perfetto.ts';
import { stepsOf } from '#program/plan.ts';
import type { Bar } from '#ui/clock/bars.ts';
import { Clock } from '#ui/clock/Clock.tsx';
import { download } from '#ui/components/files.ts';
import { counted } from '#ui/components/words.ts';
import { clockOf, traceLabels } from '#ui/pages/layers/clock/layerClock.ts';
import { clockMoment, stepSpans } from '#ui/pages/layers/clock/stepSpans.ts';
import { modelStore, useModel } from '../useModel.ts';
import css from './inspect.module.css';

/** All ranks of the pass on one clock, from the embedding to the logits. A bar leads to its layer and its step. */
export function PassClock({ inspected: { pass, part } }: { readonly inspected: Inspected }) {
  const at = useModel((state) => state.at);
  const showPart = useModel((state) => state.showPart);
  const steps = useMemo(() => stepSpans(pass), [pass]);
  const model = useMemo(() => clockOf(pass, steps), [pass, steps]);
  const moment = useMemo(() => {
    const own = pass.parts[part];
    const step = own && stepsOf(own.plan)[at];
    return clockMoment(
      pass,
      steps,
      step === undefined ? Number.POSITIVE_INFINITY : stepsOf(pass.plan).indexOf(step),
    );
  }, [pass, part, steps, at]);
  const choose = ({ stretches: [first] }: Bar): void => {
    const found = first && steps.get(first.span);
    const place = found && placeOfStep(pass.parts, found.step);
    if (place != null) showPart(place.part, place.at);
  };
  return (
    <div className={css['clock']}>
      <Clock model={model} {...moment} onChoose={choose} />
      <button
        type="button"
        className="ghost"
        title="Opens in ui.perfetto.dev and chrome://tracing"
        onClick={() => save(steps)}
      >
        Export trace
      </button>
    </div>
  );
}

function save(steps: ReturnType<typeof stepSpans>): void {
  const { inspected, loaded, folder } = modelStore.now();
  if (inspected === null || loaded === null) return;
  const title = `A token of ${folder?.model.name ?? 'a model'} on ${counted(loaded.worldSize, 'rank')}`;
  const trace = toPerfetto(inspected.pass.spans, {
    title,
    date: new Date(),
    userAgent: navigator.userAgent,
    devices: loaded.devices,
    labels: traceLabels(steps),
  });
  download(traceFileName(title), JSON.stringify(trace), 'application/json');
}
