/** Goes to the card on which something happens; whoever has gone to another by hand is left there. */

import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

interface Wanted {
  /** Index of the card; −1 where nothing happens on any. */
  readonly wanted: number;
  /** The card that is in sight. */
  readonly at: number;
  readonly playing: boolean;
}

interface CurrentCard {
  readonly goTo: (index: number) => void;
  /** To be called when the visitor takes over. */
  readonly byHand: () => void;
}

export function useCurrentCard(
  row: RefObject<HTMLElement | null>,
  { wanted, at, playing }: Wanted,
): CurrentCard {
  const hand = useRef(false);
  const went = useRef(false);
  const goTo = useCallback(
    (index: number, atOnce = false): void => {
      const calm = atOnce || matchMedia('(prefers-reduced-motion: reduce)').matches;
      const left = index * (row.current?.clientWidth ?? 0);
      row.current?.scrollTo({ left, behavior: calm ? 'instant' : 'smooth' });
    },
    [row],
  );
  // Back at the card where it happens, the visitor follows again.
  useEffect(() => {
    if (at === wanted) hand.current = false;
  }, [at, wanted]);
  useEffect(() => {
    if (playing) hand.current = false;
  }, [playing]);
  useEffect(() => {
    if (wanted < 0 || hand.current) return;
    goTo(wanted, !went.current); // the first time there is nothing to come from
    went.current = true;
  }, [wanted, goTo]);
  return {
    goTo,
    byHand: useCallback(() => {
      hand.current = true;
    }, []),
  };
}

/** The height of the card in sight, kept up to date; null where it is not asked for. */
export function useHeightOf(row: RefObject<HTMLElement | null>, at: number, asked: boolean): number | null {
  const [height, setHeight] = useState<number | null>(null);
  useEffect(() => {
    const card = row.current?.children[at];
    if (!asked || card === undefined) return;
    const observer = new ResizeObserver(() => setHeight(card.getBoundingClientRect().height));
    observer.observe(card);
    return () => observer.disconnect();
  }, [row, at, asked]);
  return asked ? height : null;
}
