import { useCallback, useEffect } from 'react';
import { Opened } from './Opened.tsx';
import css from './opened.module.css';

interface DockProps {
  /** Beside the picture, or as a sheet over its lower part. */
  readonly as: 'side' | 'sheet';
  readonly onClose: () => void;
}

/** The tensor that was opened, where the eye is: the picture stays in sight, and Escape puts it away. */
export function Dock({ as, onClose }: DockProps) {
  const close = useCallback(() => {
    backToBox();
    onClose();
  }, [onClose]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || !isNear(event.target)) return;
      event.preventDefault();
      close();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [close]);
  return (
    <div className={css['dock']} data-as={as} data-part="opened">
      <Opened onClose={close} />
    </div>
  );
}

/** The page itself, the picture, or the dock: elsewhere the key has a meaning of its own. */
function isNear(target: EventTarget | null): boolean {
  return (
    target === document.body ||
    (target instanceof Element && target.closest('#main:focus, [data-part="opened"], [data-key]') !== null)
  );
}

/** The focus goes back to what opened it, if it is in what is put away. */
function backToBox(): void {
  if (document.activeElement?.closest('[data-part="opened"]') == null) return;
  document.querySelector<HTMLElement>('[data-key][aria-pressed="true"]')?.focus({ preventScroll: true });
}
