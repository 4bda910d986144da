import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import fields from '#ui/components/fields.module.css';
import { PROBLEM_ID } from '../controls/problemId.ts';
import { useModel } from '../useModel.ts';
import css from './text.module.css';

/** What the model goes on with, or what is said to it. */
export function PromptBox() {
  const id = useId();
  const asked = useModel((state) => state.params.prompt);
  const isTalk = useModel((state) => state.folder?.chatTemplate != null);
  const started = useModel(({ turns }) => turns.length > 0);
  const busy = useModel((state) => state.phase !== 'idle');
  const wrong = useModel((state) => state.problem !== null);
  const canGoOn = useModel(({ turns }) => (turns.at(-1)?.tokens.length ?? 0) > 0);
  const write = useModel((state) => state.write);
  const goOn = useModel((state) => state.goOn);
  const clear = useModel((state) => state.clear);
  const stopText = useModel((state) => state.stopText);
  const fresh = isTalk && started ? '' : asked;
  const [draft, setDraft] = useState(fresh);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a link, or a turn that was taken, brings another text
  useEffect(() => setDraft(fresh), [asked, isTalk && started]);
  const send = (): void => {
    write(draft);
    if (isTalk) setDraft('');
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
      <div className={css['actions']}>
        <button type="button" className={css['write']} disabled={wrong || draft === ''} onClick={send}>
          {isTalk ? 'Send' : started ? 'Write again' : 'Write'}
        </button>
        {busy ? (
          <button type="button" className="ghost" onClick={stopText}>
            Stop
          </button>
        ) : (
          <button type="button" className="ghost" disabled={!canGoOn || wrong} onClick={goOn}>
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
