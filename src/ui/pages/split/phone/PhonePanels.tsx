import { type Card, Deck } from '#ui/components/deck/Deck.tsx';
import { RunScrubber } from '#ui/page/RunScrubber.tsx';
import { ClockPanel } from '../clock/ClockPanel.tsx';
import { CodePanel } from '../code/CodePanel.tsx';
import { HonestyNote } from '../honesty/HonestyNote.tsx';
import { momentSentence } from '../moment.ts';
import { RanksTable } from '../ranks/RanksTable.tsx';
import { TimePanel } from '../TimePanel.tsx';
import { momentOf, trackOf } from '../track.ts';
import { splitStore } from '../useSplit.ts';
import { PhoneStage } from './PhoneStage.tsx';

const NUMBERS: readonly Card[] = [
  {
    id: 'clock',
    name: 'Clock',
    label: 'All ranks on one clock',
    content: <ClockPanel />,
  },
  { id: 'ranks', name: 'Ranks', label: 'Rank by rank', content: <RanksTable /> },
  { id: 'code', name: 'Code', label: 'The same in PyTorch', content: <CodePanel /> },
  {
    id: 'time',
    name: 'Time',
    label: 'What the time was made of',
    content: (
      <>
        <TimePanel />
        <HonestyNote />
      </>
    ),
  },
];

/** The panels of a run on a phone: two decks, and between them what steps through the run. */
export function PhonePanels() {
  return (
    <>
      <PhoneStage />
      <RunScrubber store={splitStore} trackOf={trackOf} momentOf={momentOf} sentenceOf={momentSentence} />
      <div className="panel">
        <Deck label="The run in numbers" cards={NUMBERS} fitted />
      </div>
    </>
  );
}
