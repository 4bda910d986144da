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
  const before = useRef(wanted);
  const shown = useRef(at);
  useEffect(() => {
    shown.current = at;
  }, [at]);
  const goTo = useCallback(
    (index: number, atOnce = false): void => {
      const calm = atOnce || matchMedia('(prefers-reduced-motion: reduce)').matches;
      const left = index * (row.current?.clientWidth ?? 0);
      row.current?.scrollTo({ left, behavior: calm ? 'instant' : 'smooth' });
    },
    [row],
  );
  useEffect(() => {
    if (playing) hand.current = false;
  }, [playing]);
  useEffect(() => {
    const wasThere = shown.current === before.current;
    before.current = wanted;
    // Whoever is at the card where it happens, or back at it, is taken along.
    if (wanted < 0 || (hand.current && !wasThere)) return;
    hand.current = false;
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
export function useHeightOf(row: RefObject<HTMLElement | null>, id: string, asked: boolean): number | null {
  const [height, setHeight] = useState<number | null>(null);
  useEffect(() => {
    const card = row.current?.querySelector(`[data-card="${CSS.escape(id)}"]`);
    if (!asked || card === null || card === undefined) return;
    const observer = new ResizeObserver(() => setHeight(card.getBoundingClientRect().height));
    observer.observe(card);
    return () => observer.disconnect();
  }, [row, id, asked]);
  return asked ? height : null;
}
