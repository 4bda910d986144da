/** Keeps the step that is shown on the screen while one steps, as long as one looks at the picture. */

import { type RefObject, useEffect, useRef } from 'react';

/** Room for what sticks to the edges of the window: header and names of ranks above, the scrubber below. */
const MARGIN = { top: 110, bottom: 130 };

/** @param at the step; null where there is none */
export function useFollow(picture: RefObject<HTMLElement | null>, at: number | null): void {
  const before = useRef(at);
  useEffect(() => {
    const moved = before.current !== null && before.current !== at;
    before.current = at;
    const root = picture.current;
    if (!moved || root === null) return;
    const bounds = root.getBoundingClientRect();
    if (bounds.bottom < 0 || bounds.top > innerHeight) return;
    const boxes = root.querySelectorAll(`[data-step="${at}"] > button`);
    if (boxes.length === 0) return;
    const rects = [...boxes].map((box) => box.getBoundingClientRect());
    const top = Math.min(...rects.map((rect) => rect.top));
    const bottom = Math.max(...rects.map((rect) => rect.bottom));
    const above = top - MARGIN.top;
    const below = bottom - (innerHeight - MARGIN.bottom);
    if (above >= 0 && below <= 0) return;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    scrollBy({ top: above < 0 ? above : Math.min(above, below), behavior: calm ? 'auto' : 'smooth' });
  }, [picture, at]);
}
