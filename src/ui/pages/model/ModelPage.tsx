import { useState } from 'react';
import { counted } from '#ui/components/words.ts';
import { Failure } from '#ui/page/Failure.tsx';
import frame from '#ui/page/frame.module.css';
import { type KeyLine, KeysDialog } from '#ui/page/KeysDialog.tsx';
import { Why } from '#ui/page/Lead.tsx';
import { PageFrame } from '#ui/page/PageFrame.tsx';
import { ComparePanel } from './compare/ComparePanel.tsx';
import { ModelControls } from './controls/ModelControls.tsx';
import { Explain } from './Explain.tsx';
import { InspectPanel } from './inspect/InspectPanel.tsx';
import { ModelLead, ModelStatus } from './lead/ModelLead.tsx';
import { ModelProof } from './lead/ModelProof.tsx';
import { modelLabel, placedInShort, whyOf } from './lead/words.ts';
import css from './model.module.css';
import { MemoryPanel } from './numbers/MemoryPanel.tsx';
import { NumbersPanel } from './numbers/NumbersPanel.tsx';
import { TakePanel } from './take/TakePanel.tsx';
import { TextPanel } from './text/TextPanel.tsx';
import { TokenPanel } from './token/TokenPanel.tsx';
import { modelStore, useModel, useOpening } from './useModel.ts';

const KEYS: readonly KeyLine[] = [
  { keys: ['Tab'], does: 'go to the next control, the text, its tokens, or a table' },
  { keys: ['Ctrl', 'Enter'], does: 'in the text box: write' },
  { keys: ['←', '→'], does: 'among the tokens: to the next one' },
  { keys: ['Home', 'End'], does: 'to the first or the last token' },
  { keys: ['Esc'], does: 'let go of the token; while it writes: stop' },
  { keys: ['?'], does: 'this list' },
];

/** Made once: none of them is drawn anew because a control changes. */
const PANELS = (
  <>
    <TextPanel />
    <TokenPanel />
    <InspectPanel />
    <div className={`${frame['two']} ${css['two']}`}>
      <NumbersPanel />
      <MemoryPanel />
    </div>
    <ComparePanel />
    <TakePanel />
    <Explain />
  </>
);

/** A language model on the ranks: its text, and what each token took. */
export function ModelPage() {
  useState(modelStore.open); // once, and before anything of the page is drawn
  const params = useModel((state) => state.params);
  const problem = useModel((state) => state.problem);
  const loaded = useModel((state) => state.loaded);
  const stale = useOpening() === 'other';
  return (
    <PageFrame
      why={<Why text={whyOf(params.ranks, params.placement)} />}
      lead={<ModelLead />}
      devices={loaded === null ? null : placedInShort(loaded)}
      proof={<ModelProof />}
      status={<ModelStatus />}
      stale={stale}
      failure={<ModelFailure />}
      controls={<ModelControls />}
      summary={
        <>
          <span>{modelLabel(params.model)}</span>
          <span>
            {counted(params.ranks, 'rank')}
            {params.placement === 'one-device' && ' on one device'}
          </span>
        </>
      }
      wrong={problem !== null}
      foot={<KeysDialog lines={KEYS}>Text, times and bytes on this page are the ranks’ own.</KeysDialog>}
    >
      {PANELS}
    </PageFrame>
  );
}

/** Why the text, or the loading, ended early. What was written stays. */
function ModelFailure() {
  const failure = useModel((state) => state.failure);
  const gone = useModel(({ phase, alive, problem }) => phase === 'idle' && !alive && problem === null);
  const hasText = useModel(({ turns }) => turns.some(({ tokens }) => tokens.length > 0));
  const brokeOff = useModel(({ turns }) => turns.at(-1)?.ending === null);
  // Files that cannot be had come no sooner to the CPU.
  const onCpu = useModel(({ params, failedAt }) => params.device === 'cpu' || failedAt !== 'starting');
  const change = useModel((state) => state.change);
  const rerun = useModel((state) => state.rerun);
  if (failure === null && !gone) return null;
  return (
    <Failure
      failure={failure}
      hasRun={hasText}
      onCpu={onCpu ? null : () => change({ device: 'cpu' })}
      onRetry={rerun}
      rest={restOf(hasText, brokeOff)}
    />
  );
}

function restOf(hasText: boolean, brokeOff: boolean): string {
  if (!hasText) return 'Nothing has been written yet.';
  return brokeOff ? 'The text stays, and goes on from its end.' : 'The text stays.';
}
