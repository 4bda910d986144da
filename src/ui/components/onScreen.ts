/** Where an element is, and how wide. */

import {
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';

/** The width that an element has, kept up to date: pictures are laid out in real pixels. */
export function useWidth<T extends HTMLElement>(): { ref: RefObject<T | null>; width: number } {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      const next = Math.floor(entry?.contentRect.width ?? 0);
      // For a picture of the whole page Chromium makes the window one pixel wide, and does not wait for what is drawn anew.
      if (next > 0) setWidth(next);
    });
    observer.observe(element);
    setWidth(Math.floor(element.clientWidth));
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}

/** After so long a page has nothing else to do: a picture of all of it is to have no blanks. */
const UNSEEN_MS = 4000;

/** Whether an element has ever come near to what is on the screen, once the page around it has its size. */
export function useSeen<T extends HTMLElement>(ready: boolean): { ref: RefObject<T | null>; seen: boolean } {
  const ref = useRef<T>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (element === null || seen || !ready) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
      },
      { rootMargin: '200px' },
    );
    observer.observe(element);
    const timer = setTimeout(() => setSeen(true), UNSEEN_MS);
    const onPrint = (): void => setSeen(true); // paper has no screen to come near to
    addEventListener('beforeprint', onPrint);
    return () => {
      observer.disconnect();
      clearTimeout(timer);
      removeEventListener('beforeprint', onPrint);
    };
  }, [seen, ready]);
  return { ref, seen };
}

/** A reader who does one of these has seen it, or goes elsewhere. */
const MOVES = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;

/** Scrolls an element into sight when what is said in it changes to something, and again as what loads above it moves it. */
export function useKeptInSight<T extends HTMLElement>(said: string | null): RefObject<T | null> {
  const ref = useRef<T>(null);
  useEffect(() => {
    if (said === null) return;
    const show = (): void => ref.current?.scrollIntoView({ block: 'nearest' });
    const observer = new ResizeObserver(show); // is heard once at once
    observer.observe(document.body);
    const stop = (): void => {
      observer.disconnect();
      for (const move of MOVES) removeEventListener(move, stop);
    };
    for (const move of MOVES) addEventListener(move, stop, { passive: true });
    return stop;
  }, [said]);
  return ref;
}

/** Up to here one thing is seen at a time. */
export const PHONE = '(max-width: 560px)';

/** One for each query: the browser keeps every list that it ever made. */
const lists = new Map<string, MediaQueryList>();

function listOf(query: string): MediaQueryList {
  let list = lists.get(query);
  if (list === undefined) {
    list = matchMedia(query);
    lists.set(query, list);
  }
  return list;
}

/** Whether the screen is as the query says, kept up to date. */
export function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const list = listOf(query);
      list.addEventListener('change', onChange);
      return () => list.removeEventListener('change', onChange);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => listOf(query).matches);
}

/** Whether the page has had nothing to do for a moment, since it was ready. */
export function useIdleOnce(ready: boolean): boolean {
  const [idle, setIdle] = useState(false);
  useEffect(() => {
    if (!ready || idle) return;
    const done = (): void => setIdle(true);
    if ('requestIdleCallback' in window) {
      const request = requestIdleCallback(done, { timeout: 2000 });
      return () => cancelIdleCallback(request);
    }
    const timer = setTimeout(done, 500);
    return () => clearTimeout(timer);
  }, [ready, idle]);
  return idle;
}

/** How a page is pointed at: a phone is not to be told of a pointer and of Tab. */

const isTouched = 'matchMedia' in globalThis && matchMedia('(hover: none)').matches;

/** What to say where there is a pointer and a keyboard, or where there are fingers. */
export function byInput(pointed: string, tapped: string): string {
  return isTouched ? tapped : pointed;
}
