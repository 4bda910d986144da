import { type ReactNode, useEffect, useRef, useState } from 'react';
import css from './deck.module.css';
import { useCurrentCard, useHeightOf } from './useCurrentCard.ts';

export interface Card {
  readonly id: string;
  /** In the row of names above them all. */
  readonly name: string;
  /** What it is, for those who do not see it beside the others. */
  readonly label: string;
  readonly content: ReactNode;
}

interface DeckProps {
  readonly label: string;
  readonly cards: readonly Card[];
  /** The id of the card on which something happens: it is gone to, unless the visitor looks at another. */
  readonly current?: string;
  /** Whether it happens by itself: who asks for that wants to see it. */
  readonly playing?: boolean;
  /** Whether it is only as high as the card in sight: for cards of very different heights. */
  readonly fitted?: boolean;
}

/** Cards side by side, one of them in sight: by a swipe, by its name, or because something happens on it. */
export function Deck({ label, cards, current, playing = false, fitted = false }: DeckProps) {
  const row = useRef<HTMLElement>(null);
  const [at, setAt] = useState(0);
  const wanted = cards.findIndex(({ id }) => id === current);
  const height = useHeightOf(row, cards[at]?.id ?? '', fitted);
  const { goTo, byHand } = useCurrentCard(row, { wanted, at, playing });
  useEffect(() => {
    const element = row.current;
    if (element === null) return;
    const onScroll = (): void => setAt(Math.round(element.scrollLeft / Math.max(1, element.clientWidth)));
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => element.removeEventListener('scroll', onScroll);
  }, []);
  return (
    <div className={css['deck']}>
      <fieldset className={css['names']} aria-label={label}>
        {cards.map(({ id, name }, index) => (
          <button
            key={id}
            type="button"
            aria-current={index === at}
            data-now={id === current || undefined}
            onClick={() => {
              byHand();
              goTo(index);
            }}
          >
            {name}
          </button>
        ))}
      </fieldset>
      <section
        ref={row}
        className={css['cards']}
        data-fitted={fitted || undefined}
        style={height === null ? undefined : { height }}
        aria-label={`${label}, side by side`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key (WCAG 2.1.1)
        tabIndex={0}
        onPointerDown={byHand}
        onWheel={byHand}
        onKeyDown={byHand}
      >
        {cards.map((card) => (
          <section key={card.id} data-card={card.id} className={css['card']} aria-label={card.label}>
            {card.content}
          </section>
        ))}
      </section>
    </div>
  );
}
