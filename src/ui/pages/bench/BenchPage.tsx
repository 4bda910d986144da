import { useState } from 'react';
import { useMediaQuery } from '#ui/components/useMediaQuery.ts';
import { HeaderStatus } from '#ui/shell/HeaderStatus.tsx';
import { Charts } from './charts/Charts.tsx';
import { ComparePanel } from './compare/ComparePanel.tsx';
import { BenchControls } from './controls/BenchControls.tsx';
import { BenchControlsDrawer } from './controls/BenchControlsDrawer.tsx';
import { BenchDeviceChip } from './lead/BenchDeviceChip.tsx';
import { BenchFailure } from './lead/BenchFailure.tsx';
import { BenchLead } from './lead/BenchLead.tsx';
import { BenchProof } from './lead/BenchProof.tsx';
import { openStore } from './openStore.ts';
import { RunsPanel } from './runs/RunsPanel.tsx';
import { ResultsTable } from './table/ResultsTable.tsx';
import { TakePanel } from './take/TakePanel.tsx';
import { BenchContext } from './useBench.ts';
import { PaperPanel } from './whatif/PaperPanel.tsx';
import { WhatIfPanel } from './whatif/WhatIfPanel.tsx';
import '#ui/components/page.css';
import './bench.css';

/** The benchmark: the sentence, its proof, the charts, every cell, and what follows from them. */
export function BenchPage() {
  const [store] = useState(openStore);
  const narrow = useMediaQuery('(max-width: 900px)');
  return (
    <BenchContext value={store}>
      <HeaderStatus>
        <BenchDeviceChip />
      </HeaderStatus>
      <BenchLead />
      <div className="verdict-row">
        <BenchProof />
        {narrow && <BenchDeviceChip />}
      </div>
      <BenchFailure />
      <div className="page-grid">
        {narrow ? (
          <BenchControlsDrawer />
        ) : (
          <aside className="panel page-controls" aria-label="Controls">
            <BenchControls withRun />
          </aside>
        )}
        <div className="page-panels bench-panels">
          <Charts />
          <ResultsTable />
          <ComparePanel />
          <WhatIfPanel />
          <PaperPanel />
          <RunsPanel />
          <TakePanel />
        </div>
      </div>
    </BenchContext>
  );
}
