import { createContext, type ReactNode, useContext, useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import { useMediaQuery } from '#ui/components/onScreen.ts';
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

/** The element of the header in which there is room for the button, on a wide screen. */
export const KeysSlot = createContext<HTMLElement | null>(null);

/** The foot of a page, and the list of its keys, opened by “?” or by a button in the header. */
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
  const slot = useContext(KeysSlot);
  const narrow = useMediaQuery('(max-width: 900px)');
  const button = (
    <button type="button" className={`ghost ${css['open']}`} onClick={() => dialog.current?.showModal()}>
      Keys <kbd>?</kbd>
    </button>
  );
  return (
    <footer className={css['footer']}>
      <span>{children}</span>
      {slot === null || narrow ? button : createPortal(button, slot)}
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
