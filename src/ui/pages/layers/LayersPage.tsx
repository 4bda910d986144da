import { useCallback, useState } from 'react';
import type { LayerKinds } from '#lab/layers/experiment.ts';
import { LAYER_CHOICES } from '#lab/layers/params.ts';
import { specOf } from '#lab/layers/spec.ts';
import { type Card, Deck } from '#ui/components/deck/Deck.tsx';
import { PHONE, useMediaQuery } from '#ui/components/onScreen.ts';
import { Panel } from '#ui/components/Panel.tsx';
import { counted, workersOf } from '#ui/components/words.ts';
import { ExperimentPage, type ExperimentWords, NothingYet } from '#ui/page/ExperimentPage.tsx';
import frame from '#ui/page/frame.module.css';
import { RunScrubber } from '#ui/page/RunScrubber.tsx';
import { RunPanels } from '#ui/page/stale.tsx';
import { usePresenting } from '#ui/shell/present.ts';
import { LayersClock } from './clock/LayersClock.tsx';
import { CodePanel } from './code/CodePanel.tsx';
import { LayersControls } from './controls/LayersControls.tsx';
import { Costs } from './costs/Costs.tsx';
import { Explain } from './explain/Explain.tsx';
import { Flow } from './flow/FlowView.tsx';
import css from './layers.module.css';
import { ProofDetails } from './lead/ProofDetails.tsx';
import { sentenceOf } from './lead/sentence.ts';
import { verdictOf } from './lead/verdict.ts';
import { momentSentence } from './moment.ts';
import { Dock } from './opened/Dock.tsx';
import { Opened } from './opened/Opened.tsx';
import { LayersPresented } from './present/LayersPresented.tsx';
import { momentOf, trackOf } from './track.ts';
import { layersStore, useLayers } from './useLayers.ts';

const WORDS: ExperimentWords<LayerKinds> = {
  why: ({ ranks }) =>
    `A layer too big for one GPU is cut over several. Here ${workersOf(ranks)} ${ranks === 1 ? 'runs all of it' : 'run the same program, each on its own [[shard]] of the weights'}.`,
  sentence: (plan, params) => sentenceOf(specOf(params).spec, plan, params),
  verdict: verdictOf,
  Details: ProofDetails,
  summary: ({ layer, ranks, tokens }) => (
    <>
      <span>{LAYER_CHOICES.find(({ id }) => id === layer)?.label ?? layer}</span>
      <span>{counted(ranks, 'rank')}</span>
      <span>{counted(tokens, 'token')}</span>
    </>
  ),
  keys: [
    { keys: ['Tab'], does: 'go to the next control, picture, scrubber, heat map or clock' },
    { keys: ['Space'], does: 'on the scrubber: play or pause' },
    { keys: ['←', '→'], does: 'on the scrubber: one step back or on' },
    { keys: ['←', '→', '↑', '↓'], does: 'among boxes, values or spans: to the next one' },
    { keys: ['Home', 'End'], does: 'to the first or the last' },
    { keys: ['Enter'], does: 'on a box: open its tensor; on a span: go to its step' },
    { keys: ['+', '−', '0'], does: 'on the clock: nearer, farther, all of it' },
    { keys: ['Esc'], does: 'let go of the value or the span; close the opened tensor' },
    { keys: ['P'], does: 'present: picture and sentence alone, for a room' },
    { keys: ['?'], does: 'this list' },
  ],
  foot: 'Values and times on this page are the ranks’ own; sizes and costs follow from the plan.',
};

/** A layer of a transformer, split: the sentence, its proof, the flow, the opened tensor, and the clock. */
export function LayersPage() {
  useState(layersStore.open); // once, and before anything of the page is drawn
  if (usePresenting()) return <LayersPresented />;
  return (
    <ExperimentPage store={layersStore} words={WORDS} controls={<LayersControls />}>
      <Panels />
      <Explain />
    </ExperimentPage>
  );
}

/** From here on what is opened has room beside the picture of so many ranks. */
const WIDE = '(min-width: 1320px)';
const MOST_BESIDE = 4;

/** What stands below the flow; on a phone side by side. */
const NUMBERS: readonly Card[] = [
  { id: 'output', name: 'Values', label: 'The values of the output', content: <Opened /> },
  { id: 'cost', name: 'Cost', label: 'What it costs a rank', content: <Costs /> },
  { id: 'clock', name: 'Clock', label: 'All ranks on one clock', content: <LayersClock /> },
  { id: 'code', name: 'Code', label: 'The same in PyTorch', content: <CodePanel /> },
];

/** The picture, what is opened of it, and the clock. */
function Panels() {
  const docked = useLayers((state) => state.selected !== null);
  const ranks = useLayers(({ run, plan }) => (run?.plan ?? plan).worldSize);
  const select = useLayers((state) => state.select);
  const close = useCallback(() => select(null), [select]);
  const side = useMediaQuery(WIDE) && docked && ranks <= MOST_BESIDE;
  const onPhone = useMediaQuery(PHONE);
  // A link that cannot run: the store's plan is not of what it asks for.
  if (useLayers(({ run, problem }) => run === null && problem !== null)) {
    return (
      <Panel title="The flow">
        <NothingYet store={layersStore} />
      </Panel>
    );
  }
  return (
    <RunPanels store={layersStore}>
      <div className={side ? `${frame['pictures']} ${css['side']}` : frame['pictures']}>
        <Flow />
        {side && <Dock as="side" onClose={close} />}
      </div>
      <RunScrubber
        store={layersStore}
        trackOf={trackOf}
        momentOf={momentOf}
        sentenceOf={momentSentence}
        above={docked && !side && <Dock as="sheet" onClose={close} />}
      />
      {onPhone ? (
        <div className="panel">
          <Deck label="The run in numbers" cards={docked ? NUMBERS.slice(1) : NUMBERS} fitted />
        </div>
      ) : (
        <>
          <div className={`${frame['two']} ${css['two']}`}>
            <div className={frame['panels']}>
              {!docked && <Opened />}
              <Costs />
            </div>
            <LayersClock />
          </div>
          <CodePanel />
        </>
      )}
    </RunPanels>
  );
}
