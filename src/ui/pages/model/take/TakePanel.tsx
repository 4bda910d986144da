import { runRecord } from '#lab/model/take.ts';
import { timelineOf } from '#lab/model/timeline.ts';
import { torchText } from '#lab/model/torchText.ts';
import { toPerfetto, traceFileName } from '#lab/perfetto.ts';
import type { RecordedPass } from '#protocol.ts';
import { CopyButton } from '#ui/components/CopyButton.tsx';
import { download } from '#ui/components/files.ts';
import { Panel, ScrollRegion } from '#ui/components/Panel.tsx';
import { counted } from '#ui/components/words.ts';
import css from '../model.module.css';
import { modelStore, useModel } from '../useModel.ts';

/** The run to take away, and the same in PyTorch. */
export function TakePanel() {
  const params = useModel((state) => state.params);
  const folder = useModel((state) => state.folder);
  const turns = useModel((state) => state.turns);
  const hasText = turns.some(({ tokens }) => tokens.length > 0);
  const idle = useModel((state) => state.phase === 'idle');
  const recall = useModel((state) => state.recall);
  const text = torchText({ params, folder, turns });
  return (
    <Panel
      title="Take it along"
      hint="the same run in PyTorch, on as many processes; and this one as files"
      action={
        <span className={css['actions']}>
          <CopyButton label="Copy code" text={() => text} />
          <button type="button" className="ghost" disabled={!hasText} onClick={save}>
            Save the run
          </button>
          <button
            type="button"
            className="ghost"
            disabled={!hasText || !idle}
            title="Each token on each rank, and of the last ones every step. Opens in ui.perfetto.dev and chrome://tracing"
            onClick={() => recall(saveTrace)}
          >
            Save its trace
          </button>
        </span>
      }
    >
      <ScrollRegion className={css['code']} label="The run in PyTorch">
        <pre>
          <code>{text}</code>
        </pre>
      </ScrollRegion>
    </Panel>
  );
}

function save(): void {
  const about = { date: new Date(), userAgent: navigator.userAgent };
  download('ringside-text.json', JSON.stringify(runRecord(modelStore.now(), about)), 'application/json');
}

function saveTrace(recorded: readonly (readonly RecordedPass[])[]): void {
  const { turns, folder, loaded } = modelStore.now();
  if (loaded === null) return;
  const { spans, labels } = timelineOf(turns, recorded);
  const [device] = loaded.devices;
  const title = `A text of ${folder?.model.name ?? 'a model'} on ${counted(loaded.worldSize, 'rank')}`;
  const trace = toPerfetto(spans, {
    title,
    date: new Date(),
    userAgent: navigator.userAgent,
    devices: loaded.devices,
    ...(loaded.placement === 'one-device' && device !== undefined && { shared: device }),
    labels,
  });
  download(traceFileName(title), JSON.stringify(trace), 'application/json');
}
