import { runRecord } from '#lab/model/take.ts';
import { torchText } from '#lab/model/torchText.ts';
import { CopyButton } from '#ui/components/CopyButton.tsx';
import { download } from '#ui/components/files.ts';
import { Panel, ScrollRegion } from '#ui/components/Panel.tsx';
import css from '../model.module.css';
import { modelStore, useModel } from '../useModel.ts';

/** The run to take away, and the same in PyTorch. */
export function TakePanel() {
  const params = useModel((state) => state.params);
  const folder = useModel((state) => state.folder);
  const hasText = useModel(({ turns }) => turns.some(({ tokens }) => tokens.length > 0));
  const turns = useModel((state) => state.turns);
  const text = torchText({ params, folder, turns });
  return (
    <Panel
      title="Take it along"
      hint="the same run in PyTorch, on as many processes"
      action={
        <span className={css['actions']}>
          <CopyButton label="Copy code" text={() => text} />
          <button type="button" className="ghost" disabled={!hasText} onClick={save}>
            Save the run
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
