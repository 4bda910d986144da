import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import type { Turn } from '#lab/model/state.ts';
import fields from '#ui/components/fields.module.css';
import { PROBLEM_ID, useModel } from '../useModel.ts';
import css from './text.module.css';

/** Why there is nothing to be added to a text; null where there is. */
function whyNotOn(turn: Turn | undefined): string | null {
  if (turn === undefined || turn.tokens.length === 0) return 'There is no text yet';
  if (turn.ending === 'context') return 'There is no room for more';
  return turn.ending === 'stop token' ? 'The model said that it is done: choose another token below' : null;
}

/** What the model goes on with, or what is said to it. */
export function PromptBox() {
  const id = useId();
  const asked = useModel((state) => state.params.prompt);
  const isTalk = useModel((state) => state.folder?.chatTemplate != null);
  const started = useModel(({ turns }) => turns.length > 0);
  const busy = useModel((state) => state.phase !== 'idle');
  const wrong = useModel((state) => state.problem !== null);
  const noGoingOn = useModel(({ turns }) => whyNotOn(turns.at(-1)));
  const lastAsked = useModel(({ turns }) => turns.at(-1)?.prompt ?? '');
  const count = useModel(({ turns }) => turns.length);
  const write = useModel((state) => state.write);
  const goOn = useModel((state) => state.goOn);
  const clear = useModel((state) => state.clear);
  const stopText = useModel((state) => state.stopText);
  const fresh = isTalk && started ? '' : asked;
  const [draft, setDraft] = useState(fresh);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a link, or a turn that was taken, brings another text
  useEffect(() => setDraft(fresh), [asked, isTalk && started]);
  // A message stays in the box until it has been taken: what has no room for it is said, and it can be made shorter.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another turn was taken
  useEffect(() => {
    if (isTalk) setDraft((now) => (now === lastAsked ? '' : now));
  }, [count]);
  const nothing = isTalk && draft.trim() === '';
  const send = (): void => {
    if (!wrong && !nothing) write(draft);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    }
    if (event.key === 'Escape' && busy) stopText();
  };
  return (
    <div className={css['prompt']}>
      <label htmlFor={id}>{isTalk ? 'Your message' : 'The beginning, with which the model goes on'}</label>
      <textarea
        id={id}
        className={fields['text']}
        rows={2}
        value={draft}
        aria-describedby={wrong ? PROBLEM_ID : undefined}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className={`row middle gap-2 ${css['actions']}`}>
        <button
          type="button"
          className={`primary ${css['write']}`}
          disabled={wrong || nothing}
          onClick={send}
        >
          {isTalk ? 'Send' : started ? 'Write again' : 'Write'}
        </button>
        {busy ? (
          <button type="button" className="ghost" onClick={stopText}>
            Stop
          </button>
        ) : (
          <button
            type="button"
            className="ghost"
            disabled={noGoingOn !== null || wrong}
            title={noGoingOn ?? undefined}
            onClick={goOn}
          >
            Go on
          </button>
        )}
        <button type="button" className="ghost" disabled={!started} onClick={clear}>
          {isTalk ? 'New talk' : 'Clear'}
        </button>
        <small>Ctrl + Enter {isTalk ? 'sends' : 'writes'}</small>
      </div>
    </div>
  );
}
