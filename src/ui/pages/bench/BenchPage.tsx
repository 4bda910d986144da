import { useState } from 'react';
import { listed } from '#base/shown.ts';
import { useDrop } from '#ui/components/drops.ts';
import { Failure } from '#ui/page/Failure.tsx';
import { PageFrame } from '#ui/page/PageFrame.tsx';
import { Charts } from './charts/Charts.tsx';
import { ComparePanel } from './compare/ComparePanel.tsx';
import { BenchControls } from './controls/BenchControls.tsx';
import controls from './controls/controls.module.css';
import { RunBox } from './controls/RunBox.tsx';
import { BenchLead } from './lead/BenchLead.tsx';
import { BenchProof } from './lead/BenchProof.tsx';
import { chipText } from './lead/findings.ts';
import { ExportBox } from './runs/ExportBox.tsx';
import { takeFiles } from './runs/files.ts';
import { RunsPanel } from './runs/RunsPanel.tsx';
import { ResultsTable } from './table/ResultsTable.tsx';
import { TakePanel } from './take/TakePanel.tsx';
import { TuningPanel } from './tuning/TuningPanel.tsx';
import { benchStore, useBench, useShown } from './useBench.ts';
import { WhatIfPanel } from './whatif/WhatIfPanel.tsx';

/** As the chips of the controls call them. */
const SUITE_WORDS = { collectives: 'ring', layers: 'layers', gemm: 'kernels', model: 'model' } as const;

/** Made once: none of them is drawn anew because options change. */
const PANELS = (
  <>
    <Charts />
    <ResultsTable />
    <ComparePanel />
    <WhatIfPanel />
    <TuningPanel />
    <RunsPanel />
    <TakePanel />
  </>
);

/** The benchmark: the sentence, its proof, the charts, every cell, and what follows from them. */
export function BenchPage() {
  useState(benchStore.open); // once, and before anything of the page is drawn
  useDrop(takeFiles);
  const header = useShown();
  const { suites, ranks } = useBench((state) => state.options);
  const wrong = useBench((state) => state.problem !== null);
  return (
    <PageFrame
      lead={<BenchLead />}
      devices={header === null ? null : chipText(header)}
      proof={<BenchProof />}
      failure={<BenchFailure />}
      controls={<BenchControls />}
      action={
        <>
          <RunBox />
          <ExportBox />
        </>
      }
      summary={
        <>
          <span className={controls['drawer-suites']}>
            {listed(suites.map((suite) => SUITE_WORDS[suite]))}
          </span>
          <span>{listed(ranks.map(String))} ranks</span>
        </>
      }
      wrong={wrong}
    >
      {PANELS}
    </PageFrame>
  );
}

/** Why the run ended early. A case that fails is a row of the table, and no failure of the run. */
function BenchFailure() {
  const failure = useBench((state) => state.failure);
  const phase = useBench((state) => state.phase);
  const hasRun = useBench(({ results, shown }) => shown !== null && (results.get(shown)?.length ?? 0) > 0);
  const run = useBench((state) => state.run);
  const devices = useBench((state) => state.options.devices);
  const change = useBench((state) => state.change);
  if (failure === null || phase !== 'idle') return null;
  const onCpu = devices.join() === 'cpu' ? null : () => change({ devices: ['cpu'] });
  return <Failure failure={failure} hasRun={hasRun} onCpu={onCpu} onRetry={run} />;
}
