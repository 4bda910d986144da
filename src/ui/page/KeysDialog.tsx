import { type ReactNode, useEffect, useRef } from 'react';
import css from './keys.module.css';

/** A line of the list: any of these keys does that. */
export interface KeyLine {
  readonly keys: readonly string[];
  readonly does: string;
}

interface KeysDialogProps {
  readonly lines: readonly KeyLine[];
  /** At the foot of the page, beside the button. */
  readonly children: ReactNode;
}

/** Where a “?” is a letter like others. */
const WRITTEN = 'textarea, input:is([type="text"], [type="number"], :not([type]))';

/** The foot of a page: the list of its keys, opened by “?” or a button. */
export function KeysDialog({ lines, children }: KeysDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const writing = event.target instanceof Element && event.target.matches(WRITTEN);
      if (event.key === '?' && !writing && dialog.current?.open === false) dialog.current.showModal();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <footer className={css['footer']}>
      <span>{children}</span>
      <button type="button" className="ghost" onClick={() => dialog.current?.showModal()}>
        Keys <kbd>?</kbd>
      </button>
      <dialog ref={dialog} className={`panel ${css['keys']}`} aria-labelledby="keys-title">
        <h2 id="keys-title">Keys</h2>
        <dl>
          {lines.map(({ keys, does }) => (
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
