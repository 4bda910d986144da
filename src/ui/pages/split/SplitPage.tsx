import { useState } from 'react';
import { KeysDialog } from '#ui/components/KeysDialog.tsx';
import { RunFailure } from '#ui/components/RunFailure.tsx';
import { useMediaQuery } from '#ui/components/useMediaQuery.ts';
import { HeaderStatus } from '#ui/shell/HeaderStatus.tsx';
import { ClockPanel } from './clock/ClockPanel.tsx';
import { CodePanel } from './code/CodePanel.tsx';
import { Controls } from './controls/Controls.tsx';
import { SplitControlsDrawer } from './controls/SplitControlsDrawer.tsx';
import { Explain } from './explain/Explain.tsx';
import { HonestyNote } from './honesty/HonestyNote.tsx';
import { SplitDeviceChip } from './honesty/SplitDeviceChip.tsx';
import { KEYS } from './keys.ts';
import { Lead } from './lead/Lead.tsx';
import { SplitProof } from './lead/SplitProof.tsx';
import { SplitRunStatus } from './lead/SplitRunStatus.tsx';
import { openStore } from './openStore.ts';
import { PanelsToCome } from './PanelsToCome.tsx';
import { RanksTable } from './ranks/RanksTable.tsx';
import { RingPanel } from './ring/RingPanel.tsx';
import { Scrubber } from './Scrubber.tsx';
import { Stage } from './stage/Stage.tsx';
import { TimePanel } from './TimePanel.tsx';
import { sameParams } from './url/link.ts';
import { SplitContext, useSplit } from './useSplit.ts';
import '#ui/components/page.css';
import './split.css';

/** A matrix product, split: the sentence, its proof, the picture, the clock, the table. */
export function SplitPage() {
  const [store] = useState(openStore);
  const narrow = useMediaQuery('(max-width: 900px)');
  return (
    <SplitContext value={store}>
      <HeaderStatus>
        <SplitDeviceChip />
      </HeaderStatus>
      <Lead />
      <div className="verdict-row">
        <SplitProof />
        {narrow && <SplitDeviceChip />}
        <SplitRunStatus />
      </div>
      <RunFailure useStore={useSplit} sameParams={sameParams} />
      <div className="page-grid">
        {narrow ? (
          <SplitControlsDrawer />
        ) : (
          <aside className="panel page-controls" aria-label="Controls">
            <Controls />
          </aside>
        )}
        <div className="page-panels split-panels">
          {/* Of their own, so that the scrubber stays in reach only as long as there is something that it moves. */}
          <div className="page-panels split-panels">
            <Panels />
          </div>
          <Explain />
        </div>
      </div>
      <KeysDialog lines={KEYS}>Every number on this page was computed by the ranks.</KeysDialog>
    </SplitContext>
  );
}

/** The picture, the ring, the clock, the table and the code of the run that is shown. */
function Panels() {
  const hasRun = useSplit((state) => state.run !== null);
  if (!hasRun) return <PanelsToCome />;
  return (
    <>
      <Stage />
      <div className="page-scrubber panel">
        <Scrubber />
      </div>
      <div className="page-two split-ring">
        <RingPanel />
        <ClockPanel>
          <HonestyNote />
        </ClockPanel>
      </div>
      <RanksTable />
      <div className="page-two split-time">
        <CodePanel />
        <TimePanel />
      </div>
    </>
  );
}
