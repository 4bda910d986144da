import { useCallback, useState } from 'react';
import { useDrop } from '#ui/components/drops.ts';
import { counted } from '#ui/components/words.ts';
import frame from '#ui/page/frame.module.css';
import { type KeyLine, KeysDialog } from '#ui/page/KeysDialog.tsx';
import { LeadText, LeadToCome, Proof, ProofToCome, Why } from '#ui/page/Lead.tsx';
import { PageFrame } from '#ui/page/PageFrame.tsx';
import { Answered } from './Answered.tsx';
import { Calibration, calibrationInShort } from './Calibration.tsx';
import { PlanControls } from './controls/PlanControls.tsx';
import { CurvesPanel } from './curves/CurvesPanel.tsx';
import { DegreesPanel } from './degrees/DegreesPanel.tsx';
import { Explain } from './Explain.tsx';
import { MachinePanel } from './machine/MachinePanel.tsx';
import { ModelPanel } from './model/ModelPanel.tsx';
import css from './plan.module.css';
import { LayoutsPanel } from './table/LayoutsPanel.tsx';
import { CommandsPanel } from './take/CommandsPanel.tsx';
import { takeFiles } from './takeFiles.ts';
import { planStore, useCounted, usePlan, useStale } from './usePlan.ts';
import { WhatIfPanel } from './whatif/WhatIfPanel.tsx';
import { sentenceOf, WHY } from './words.ts';

const KEYS: readonly KeyLine[] = [
  { keys: ['Tab'], does: 'go to the next control, a table, or a line of it' },
  {
    keys: ['Enter'],
    does: 'on a line of the table: look at this layout; in the name: take or fetch the model',
  },
  { keys: ['?'], does: 'this list' },
];

/** Made once: none of them is drawn anew because a control changes. */
const PANELS = (
  <>
    <Answered Body={MachinePanel} title="The machine" waits="It is drawn once a layout is found." />
    <Answered Body={LayoutsPanel} title="All layouts" waits="They are listed once they are found." />
    <div className={`${frame['two']} ${css['wide-first']}`}>
      <Answered Body={WhatIfPanel} title="What if …" waits="Told once a layout is found." />
      <Answered Body={CommandsPanel} title="Run it" waits="Written once a layout is found." />
    </div>
    <Answered Body={CurvesPanel} title="More at once" waits="Drawn once a layout is found." />
    <Degrees />
    <ModelPanel />
    <Explain />
  </>
);

/** Which degree for a model on some machines: what fits, how fast, and why not that one. */
export function PlanPage() {
  useState(planStore.open); // once, and before anything of the page is drawn
  const takeConfig = usePlan((state) => state.takeConfig);
  const refuse = usePlan((state) => state.refuse);
  const problem = usePlan((state) => state.problem);
  const answer = usePlan((state) => state.answer);
  const name = usePlan(({ model, params }) => model?.name ?? params.model);
  const gpus = usePlan(({ params }) => params.nodes * params.perNode);
  const stale = useStale();
  useDrop(useCallback((files) => void takeFiles(files, { takeConfig, refuse }), [takeConfig, refuse]));
  return (
    <PageFrame
      why={<Why text={WHY} />}
      lead={
        <div className={css['answered']} data-stale={(stale && answer !== null) || undefined}>
          <PlanLead />
        </div>
      }
      devices={null}
      proof={
        answer === null ? (
          problem === null && <ProofToCome busy />
        ) : (
          <Proof pass text={calibrationInShort()}>
            <Calibration />
          </Proof>
        )
      }
      failure={null}
      controls={<PlanControls />}
      summary={
        <>
          <span>{name}</span>
          <span>{counted(gpus, 'GPU')}</span>
        </>
      }
      wrong={problem !== null}
      foot={<KeysDialog lines={KEYS}>Nothing on this page was measured here but what you bring.</KeysDialog>}
    >
      {PANELS}
    </PageFrame>
  );
}

function Degrees() {
  const model = useCounted();
  const context = usePlan(({ params }) => params.prompt + params.answer);
  const cacheBytes = usePlan(({ params }) => params.cache / 8);
  return model === null ? null : <DegreesPanel model={model} context={context} cacheBytes={cacheBytes} />;
}

function PlanLead() {
  const answer = usePlan((state) => state.answer);
  const problem = usePlan((state) => state.problem);
  if (answer !== null) return <LeadText {...sentenceOf(answer)} />;
  if (problem !== null) return <LeadText title="This cannot be planned" body={[problem]} />;
  const title = 'TP 8 on one node: so many tokens a second a sequence';
  return <LeadToCome status="Looking through the layouts" busy sentence={{ title, body: [WHY] }} />;
}
