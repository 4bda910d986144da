/** Keeps in sight what the picture is looked at for: the step that the scrubber stands on, and the box that is open. */

import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import type { FlowLayout } from './layoutTypes.ts';

/** Header and names of ranks at the top of the window; the scrubber at its foot. */
const TOP = 110;
const GAP = 12;

/** Scrolls to the step that is shown, where the picture is on the screen at all. @param at null where there is none */
export function useFollow(picture: RefObject<HTMLElement | null>, at: number | null): void {
  const before = useRef(at);
  useEffect(() => {
    const moved = before.current !== null && before.current !== at;
    before.current = at;
    const root = picture.current;
    if (!moved || root === null) return;
    const bounds = root.getBoundingClientRect();
    if (bounds.bottom < 0 || bounds.top > innerHeight) return;
    show(root.querySelectorAll(`[data-step="${at}"] > button`));
  }, [picture, at]);
}

/** A box that has just been pressed stays where it was, though the picture is laid out anew beside what it opened. */
export function useAnchor(picture: RefObject<HTMLElement | null>, layout: FlowLayout): (key: string) => void {
  const anchor = useRef<{ readonly key: string; readonly top: number } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it looks at where a new layout has put the box
  useLayoutEffect(() => {
    const { current } = anchor;
    const box = current && boxOf(picture, current.key);
    anchor.current = null;
    if (box === null || current === null) return;
    scrollBy({ top: box.getBoundingClientRect().top - current.top, behavior: 'instant' });
  }, [picture, layout]);
  return (key) => {
    const box = boxOf(picture, key);
    anchor.current = box && { key, top: box.getBoundingClientRect().top };
    // What was opened may stand where the box was; and what follows later is no answer to the press.
    requestAnimationFrame(() => {
      if (box?.isConnected) show([box]);
      setTimeout(() => {
        anchor.current = null;
      }, 500);
    });
  };
}

function boxOf(picture: RefObject<HTMLElement | null>, key: string): HTMLElement | null {
  return picture.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) ?? null;
}

/** Scrolls as little as it takes for these to stand between the header and the scrubber. */
function show(boxes: Iterable<Element>): void {
  const rects = [...boxes].map((box) => box.getBoundingClientRect());
  if (rects.length === 0) return;
  const foot = document.querySelector('[data-part="scrubber"]')?.getBoundingClientRect();
  const end = foot === undefined || foot.top > innerHeight ? innerHeight : foot.top;
  const above = Math.min(...rects.map(({ top }) => top)) - TOP;
  const below = Math.max(...rects.map(({ bottom }) => bottom)) - (end - GAP);
  if (above >= 0 && below <= 0) return;
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  scrollBy({ top: above < 0 ? above : Math.min(above, below), behavior: calm ? 'auto' : 'smooth' });
}
