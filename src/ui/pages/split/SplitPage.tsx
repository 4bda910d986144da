import { useState } from 'react';
import type { SplitKinds } from '#lab/split/experiment.ts';
import { readProgress } from '#lab/story/progress.ts';
import { PHONE, useIdleOnce, useMediaQuery } from '#ui/components/onScreen.ts';
import { Panel } from '#ui/components/Panel.tsx';
import { counted, typed } from '#ui/components/words.ts';
import { ExperimentPage, type ExperimentWords, NothingYet } from '#ui/page/ExperimentPage.tsx';
import frame from '#ui/page/frame.module.css';
import { RunScrubber } from '#ui/page/RunScrubber.tsx';
import { RunPanels } from '#ui/page/stale.tsx';
import { PageLink } from '../../shell/PageLink.tsx';
import { usePresenting } from '../../shell/present.ts';
import { ClockPanel } from './clock/ClockPanel.tsx';
import { CodePanel } from './code/CodePanel.tsx';
import { Controls } from './controls/Controls.tsx';
import { Explain } from './explain/Explain.tsx';
import { HonestyNote } from './honesty/HonestyNote.tsx';
import { momentSentence } from './moment.ts';
import { ProofDetails } from './ProofDetails.tsx';
import { PhonePanels } from './phone/PhonePanels.tsx';
import { PresentView } from './present/PresentView.tsx';
import { proofOf } from './proof.ts';
import { RanksTable } from './ranks/RanksTable.tsx';
import { RingPanel } from './ring/RingPanel.tsx';
import { whyStill } from './ring/ringWords.ts';
import css from './split.module.css';
import { Stage } from './stage/Stage.tsx';
import { TimePanel } from './TimePanel.tsx';
import { momentOf, trackOf } from './track.ts';
import { splitStore, useSplit } from './useSplit.ts';
import { sentenceOf, whyOf } from './words.ts';

const WORDS: ExperimentWords<SplitKinds> = {
  why: whyOf,
  Start: StartHere,
  sentence: sentenceOf,
  verdict: proofOf,
  Details: ProofDetails,
  summary: ({ split, ranks, m, k, n }) => (
    <>
      <span>{NAMES.get(split) ?? split}</span>
      <span>{counted(ranks, 'rank')}</span>
      <span className="num">{[m, k, n].map(typed).join('×')}</span>
    </>
  ),
  keys: [
    { keys: ['Tab'], does: 'go to the next control, cell grid, scrubber or clock' },
    { keys: ['Space'], does: 'on the scrubber: play or pause' },
    { keys: ['←', '→'], does: 'on the scrubber: one moment back or on; among the cells of Y: move' },
    { keys: ['↑', '↓'], does: 'among the cells of Y: move' },
    { keys: ['Home', 'End'], does: 'to the first or the last' },
    {
      keys: ['+', '−', '0'],
      does: 'on the clock: nearer, farther, all of it; arrow keys go from span to span',
    },
    { keys: ['Esc'], does: 'let go of the cell or the span' },
    { keys: ['P'], does: 'present: stage, ring and sentence alone, for a room' },
    { keys: ['?'], does: 'this list' },
  ],
  foot: 'Every number on this page was computed by the ranks.',
};

/** A link may ask for what is no split. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['none', 'No split'],
  ['column', 'Column split'],
  ['row', 'Row split'],
  ['pair', 'Column, then row'],
]);

/** A matrix product, split: the sentence, its proof, the picture, the clock, the table. */
export function SplitPage() {
  useState(splitStore.open); // once, and before anything of the page is drawn
  const hasRun = useSplit((state) => state.run !== null);
  const whole = useIdleOnce(hasRun);
  if (usePresenting()) return <PresentView />;
  return (
    <ExperimentPage store={splitStore} words={WORDS} controls={<Controls />}>
      <RunPanels store={splitStore} className={`${css['panels']} ${whole ? '' : css['first']}`}>
        <Panels />
      </RunPanels>
      <Explain />
    </ExperimentPage>
  );
}

/** From here on the ring stands beside the picture, so that both are seen at once. */
const WIDE = '(min-width: 1200px)';
const STAGE_BESIDE = 430;

/** The picture, the ring, the clock, the table and the code of the run that is shown. */
function Panels() {
  const hasRun = useSplit((state) => state.run !== null);
  const busy = useSplit((state) => state.phase !== 'idle');
  const rings = useSplit((state) => state.run === null || whyStill(state.run) === null);
  const beside = useMediaQuery(WIDE) && rings;
  const onPhone = useMediaQuery(PHONE);
  if (!hasRun) return busy ? <PanelsToCome beside={beside} /> : <Nothing />;
  if (onPhone) return <PhonePanels />;
  return (
    <>
      {beside ? (
        <div className={`${frame['pictures']} ${css['beside']}`}>
          <Stage most={STAGE_BESIDE} />
          <RingPanel />
        </div>
      ) : (
        <Stage />
      )}
      <RunScrubber store={splitStore} trackOf={trackOf} momentOf={momentOf} sentenceOf={momentSentence} />
      <div className={beside ? frame['pictures'] : `${frame['two']} ${css['ring']}`}>
        {!beside && <RingPanel />}
        <ClockPanel>
          <HonestyNote />
        </ClockPanel>
      </div>
      <RanksTable />
      <div className={`${frame['two']} ${css['time']}`}>
        <CodePanel />
        <TimePanel />
      </div>
    </>
  );
}

function Nothing() {
  return (
    <Panel title="The product">
      <NothingYet store={splitStore} />
    </Panel>
  );
}

/** Before the first result: panels as large as those that will stand here, so that nothing jumps. */
function PanelsToCome({ beside }: { readonly beside: boolean }) {
  const product = (
    <Panel title="The product" className={css['product-to-come']}>
      <p className={css['to-come']}>The matrices are drawn once the ranks have multiplied them.</p>
    </Panel>
  );
  const ring = (
    <Panel title="The ring" className={css['ring-to-come']}>
      {null}
    </Panel>
  );
  const clock = (
    <Panel title="The clock" className={css['ring-to-come']}>
      {null}
    </Panel>
  );
  return beside ? (
    <>
      <div className={css['beside']}>
        {product}
        {ring}
      </div>
      {clock}
    </>
  ) : (
    <>
      {product}
      <div className={`${frame['two']} ${css['ring']}`}>
        {ring}
        {clock}
      </div>
    </>
  );
}

/** The page that opens first is no beginning: until a chapter of the story is answered, it says where one is. */
function StartHere() {
  const [begun] = useState(() => Object.keys(readProgress(() => localStorage)).length > 0);
  if (begun) return null;
  return (
    <>
      {' '}
      New to this? <PageLink page="story">Start with the story</PageLink>, nine questions that the ranks
      answer.
    </>
  );
}
