/** The scrubber's keys, wherever on the page nothing else wants them: behind a click into a picture, too. */

import { useEffect } from 'react';
import type { ScrubberActions } from '#ui/components/scrubber/Track.tsx';
import { hasModifier } from '#ui/shell/present.ts';

export function useMomentKeys(
  { step, play, pause }: ScrubberActions,
  playing: boolean,
  enabled: boolean,
): void {
  useEffect(() => {
    if (!enabled) return;
    const actions: Readonly<Record<string, () => void>> = {
      ' ': playing ? pause : play,
      ArrowLeft: () => step(-1),
      ArrowRight: () => step(1),
    };
    const onKey = (event: KeyboardEvent): void => {
      const action = actions[event.key];
      if (action === undefined || event.defaultPrevented || event.repeat || hasModifier(event)) return;
      if (!isFree(event.target, event.key)) return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [step, play, pause, playing, enabled]);
}

/** The page itself, or a picture that has nothing to scroll to. */
function isFree(target: EventTarget | null, key: string): boolean {
  if (target === document.body || (target instanceof Element && target.id === 'main'))
    return key !== ' ' || inView();
  return (
    target instanceof HTMLElement &&
    target.matches('section.scroll-x') &&
    target.scrollWidth <= target.clientWidth
  );
}

/** Space scrolls a page on, unless what it would play is on the screen. */
function inView(): boolean {
  const track = document
    .querySelector('[role="slider"][aria-label="Moment of the run"]')
    ?.getBoundingClientRect();
  return track !== undefined && track.top >= 0 && track.bottom <= innerHeight;
}
