import { useEffect, useRef } from 'react';
import './keys.css';

const KEYS: readonly { readonly keys: readonly string[]; readonly does: string }[] = [
  { keys: ['Tab'], does: 'go to the next control, cell grid or scrubber' },
  { keys: ['Space'], does: 'on the scrubber: play or pause' },
  { keys: ['←', '→'], does: 'on the scrubber: one moment back or on; among the cells of Y: move' },
  { keys: ['↑', '↓'], does: 'among the cells of Y: move' },
  { keys: ['Home', 'End'], does: 'to the first or the last' },
  { keys: ['Esc'], does: 'let go of the cell' },
  { keys: ['?'], does: 'this list' },
];

/** The list of keys, opened by “?” or its button. */
export function KeysDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLInputElement && event.target.type === 'text';
      if (event.key === '?' && !typing && dialog.current?.open === false) dialog.current.showModal();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <footer className="keys-footer">
      <span>Every number on this page was computed by the ranks.</span>
      <button type="button" className="ghost" onClick={() => dialog.current?.showModal()}>
        Keys <kbd>?</kbd>
      </button>
      <dialog ref={dialog} className="keys panel" aria-labelledby="keys-title">
        <h2 id="keys-title">Keys</h2>
        <dl>
          {KEYS.map(({ keys, does }) => (
            <div key={does}>
              <dt>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
        <form method="dialog">
          <button type="submit" className="ghost">
            Close
          </button>
        </form>
      </dialog>
    </footer>
  );
}
