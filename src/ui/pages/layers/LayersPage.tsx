import { useState } from 'react';
import { DEFAULT_PARAMS } from '#lab/layers/params.ts';
import type { LayersState } from '#lab/layers/state.ts';
import { KeysDialog } from '#ui/components/KeysDialog.tsx';
import { Panel } from '#ui/components/Panel.tsx';
import { RunFailure } from '#ui/components/RunFailure.tsx';
import { useMediaQuery } from '#ui/components/useMediaQuery.ts';
import { HeaderStatus } from '#ui/shell/HeaderStatus.tsx';
import { LayersClock } from './clock/LayersClock.tsx';
import { LayersControls } from './controls/LayersControls.tsx';
import { LayersControlsDrawer } from './controls/LayersControlsDrawer.tsx';
import { Costs } from './costs/Costs.tsx';
import { Explain } from './explain/Explain.tsx';
import { Flow } from './flow/Flow.tsx';
import { KEYS } from './keys.ts';
import { LayersDeviceChip } from './lead/LayersDeviceChip.tsx';
import { LayersLead } from './lead/LayersLead.tsx';
import { LayersProof } from './lead/LayersProof.tsx';
import { LayersRunStatus } from './lead/LayersRunStatus.tsx';
import { Opened } from './opened/Opened.tsx';
import { openStore } from './openStore.ts';
import { PasteBox } from './paste/PasteBox.tsx';
import { Steps } from './steps/Steps.tsx';
import { sameParams } from './url/link.ts';
import { LayersContext, useLayers } from './useLayers.ts';
import '#ui/components/page.css';
import './layers.css';

/** A layer of a transformer, split: the sentence, its proof, the flow, the opened tensor, the clock, and a whole model. */
export function LayersPage() {
  const [store] = useState(openStore);
  const narrow = useMediaQuery('(max-width: 900px)');
  return (
    <LayersContext value={store}>
      <HeaderStatus>
        <LayersDeviceChip />
      </HeaderStatus>
      <LayersLead />
      <div className="verdict-row">
        <LayersProof />
        {narrow && <LayersDeviceChip />}
        <LayersRunStatus />
      </div>
      <RunFailure useStore={useLayers} sameParams={sameParams} />
      <div className="page-grid">
        {narrow ? (
          <LayersControlsDrawer />
        ) : (
          <aside className="panel page-controls layers-controls" aria-label="Controls">
            <LayersControls />
          </aside>
        )}
        <div className="page-panels">
          <Panels />
          <Explain />
          <PasteBox />
        </div>
      </div>
      <KeysDialog lines={KEYS}>
        Values and times on this page are the ranks’ own; sizes and costs follow from the plan.
      </KeysDialog>
    </LayersContext>
  );
}

/** The picture, what is opened of it, and the clock. */
function Panels() {
  const cannotRun = useLayers((state) => state.problem !== null);
  const change = useLayers((state) => state.change);
  if (useLayers(hasNothing)) {
    return (
      <Panel title="The flow">
        <div className="layers-nothing">
          <p>Nothing has run yet, so there is nothing to draw.</p>
          {cannotRun && (
            <button type="button" className="ghost" onClick={() => change(DEFAULT_PARAMS)}>
              Start from the defaults
            </button>
          )}
        </div>
      </Panel>
    );
  }
  return (
    <>
      {/* Of their own, so that the scrubber stays in reach only as long as there is something that it moves. */}
      <div className="page-panels">
        <Flow />
        <div className="page-scrubber panel">
          <Steps />
        </div>
        <div className="page-two layers-two">
          <div className="page-panels">
            <Opened />
            <Costs />
          </div>
          <LayersClock />
        </div>
      </div>
    </>
  );
}

/** A link that cannot run: the store's plan is not of what it asks for. */
function hasNothing({ run, problem }: LayersState): boolean {
  return run === null && problem !== null;
}
