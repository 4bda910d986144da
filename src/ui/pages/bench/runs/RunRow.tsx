import { useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { MOST_OVERLAYS, type RunHeader } from '#lab/bench/state.ts';
import { chipText } from '../lead/findings.ts';
import { useBench } from '../useBench.ts';
import css from './runs.module.css';

/** One run, and what can be done with it. */
export function RunRow({ run }: { readonly run: RunHeader }) {
  const { id, name, date, done, total, state } = run;
  const shown = useBench((store) => store.shown === id);
  const over = useBench((store) => store.overlays.includes(id));
  const full = useBench((store) => store.overlays.length >= MOST_OVERLAYS);
  const busy = useBench((store) => store.phase !== 'idle');
  const show = useBench((store) => store.show);
  const toggleOverlay = useBench((store) => store.toggleOverlay);
  const remove = useBench((store) => store.remove);
  const [renaming, setRenaming] = useState(false);
  const renameButton = useRef<HTMLButtonElement>(null);
  const renamed = (byKey: boolean) => {
    flushSync(() => setRenaming(false));
    if (byKey) renameButton.current?.focus(); // the field, which had the focus, is gone
  };
  return (
    <tr data-shown={shown || undefined}>
      <th scope="row">
        {renaming ? <NameField run={run} onDone={renamed} /> : name}
        {shown && <span className={css['tag']}>shown</span>}
      </th>
      <td className="num">{date.slice(0, 16).replace('T', ' ')}</td>
      <td>{chipText(run) ?? '–'}</td>
      <td>
        <span className="num">{done === total ? done : `${done} of ${total}`}</span>
        {state !== 'complete' && ` ${state}`}
      </td>
      <td>
        <input
          type="checkbox"
          aria-label={`Lay ${name} over the charts`}
          checked={over}
          disabled={shown || done === 0 || (full && !over)}
          title={full && !over ? `${MOST_OVERLAYS} runs are laid over already; untick one first.` : undefined}
          onChange={() => toggleOverlay(id)}
        />
      </td>
      <td>
        <div className={css['row-buttons']}>
          <button
            type="button"
            className="ghost"
            disabled={shown || busy}
            onClick={() => show(id)}
            aria-label={`Show ${name}`}
          >
            Show
          </button>
          <button
            type="button"
            className="ghost"
            ref={renameButton}
            onClick={() => setRenaming(true)}
            aria-label={`Rename ${name}`}
          >
            Rename
          </button>
          <button
            type="button"
            className="ghost"
            disabled={state === 'running'}
            onClick={() => remove(id)}
            aria-label={`Delete ${name}`}
          >
            Delete
          </button>
        </div>
      </td>
    </tr>
  );
}

/** Enter keeps the name, Escape the old one. */
function NameField({ run, onDone }: { readonly run: RunHeader; readonly onDone: (byKey: boolean) => void }) {
  const rename = useBench((store) => store.rename);
  const [name, setName] = useState(run.name);
  const keep = (byKey: boolean) => {
    rename(run.id, name);
    onDone(byKey);
  };
  return (
    <input
      type="text"
      className={css['name']}
      aria-label="Name of the run"
      // biome-ignore lint/a11y/noAutofocus: it appears where Rename was just pressed
      autoFocus
      value={name}
      onChange={(event) => setName(event.target.value)}
      onBlur={() => keep(false)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') {
          event.preventDefault(); // or it would press the button that has the focus by then
          keep(true);
        }
        if (event.key === 'Escape') onDone(true);
      }}
    />
  );
}
