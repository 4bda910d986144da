import { useCallback } from 'react';
import { textOf } from '#lab/model/conversation.ts';
import { CopyButton } from '#ui/components/CopyButton.tsx';
import { useDrop } from '#ui/components/drops.ts';
import { Panel } from '#ui/components/Panel.tsx';
import { counted } from '#ui/components/words.ts';
import { sentencesOf, spokenText } from '../lead/words.ts';
import { useModel, useOpening } from '../useModel.ts';
import { Conversation } from './Conversation.tsx';
import { LoadingBars } from './LoadingBars.tsx';
import { PromptBox } from './PromptBox.tsx';
import css from './text.module.css';

/** What is asked, and what the model writes. */
export function TextPanel() {
  const opening = useOpening();
  const empty = useModel(({ turns }) => turns.length === 0);
  const pick = useModel((state) => state.pick);
  useDrop(useCallback((files) => pick(files), [pick]));
  return (
    <Panel title="The text" hint={<Hint />} action={!empty && <CopyText />} className={css['takes-drops']}>
      <div className="stack one-column gap-4 pad-all">
        {opening !== null && <LoadingBars />}
        {!empty && <Conversation stale={opening !== null} />}
        {empty && opening === null && <Empty />}
        <Warnings />
        <PromptBox />
      </div>
      <Spoken />
    </Panel>
  );
}

function Hint() {
  const room = useModel((state) => state.loaded?.positions ?? null);
  const pinned = useModel((state) => state.pinned);
  const empty = useModel((state) => state.turns.length === 0);
  const used = useModel(({ turns }) => {
    const last = turns.at(-1);
    return last === undefined ? 0 : last.context.length + last.tokens.length;
  });
  if (empty) return 'what the model writes, token by token';
  const point = pinned
    ? 'a token is held: click it again to let go'
    : 'point at a token to see what it took, click to hold it';
  return room === null
    ? point
    : `${point}; there is room for ${counted(room, 'token')}, and ${used.toLocaleString('en')} are used`;
}

function CopyText() {
  const turns = useModel((state) => state.turns);
  const isTalk = useModel((state) => state.folder?.chatTemplate != null);
  return (
    <CopyButton
      label="Copy text"
      text={() => turns.map((turn) => turn.prompt + (isTalk ? '\n\n' : '') + textOf(turn)).join('\n\n')}
    />
  );
}

function Empty() {
  const phase = useModel((state) => state.phase);
  if (phase !== 'idle') return <p className={css['empty']}>The text will stand here.</p>;
  return <p className={css['empty']}>Give the model a beginning, and it goes on.</p>;
}

function Warnings() {
  const warnings = useModel((state) => state.warnings);
  return warnings.map((text) => (
    <p key={text} className={css['warning']}>
      {text}
    </p>
  ));
}

/** The text for those who hear it: by whole sentences, and not by tokens; each is said once. */
function Spoken() {
  const text = useModel(({ turns, doing }) => spokenText(turns, doing));
  return (
    <p className="visually-hidden" aria-live="polite">
      {sentencesOf(text).map((sentence, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sentences are only added
        <span key={i}>{sentence} </span>
      ))}
    </p>
  );
}
