import { LAYER_CHOICES } from '#lab/layers/params.ts';
import type { LayerRun } from '#lab/layers/run.ts';
import { toPerfetto, traceFileName } from '#lab/perfetto.ts';
import { download } from '#ui/components/files.ts';
import { counted } from '#ui/components/words.ts';
import { traceLabels } from './layerClock.ts';
import { stepSpans } from './stepSpans.ts';

/** Saves the spans of the run for a viewer that can do more than this page. */
export function ExportButton({ run }: { readonly run: LayerRun | null }) {
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
