import { useMemo } from 'react';
import { progressAt } from '#lab/split/timeline.ts';
import { type Card, Deck } from '#ui/components/deck/Deck.tsx';
import { useWidth } from '#ui/components/onScreen.ts';
import { Panel, ScrollRegion } from '#ui/components/Panel.tsx';
import { RingBody } from '../ring/RingPanel.tsx';
import { whyStill } from '../ring/ringWords.ts';
import css from '../split.module.css';
import { Figure } from '../stage/Figure.tsx';
import { layoutLines } from '../stage/layout.ts';
import { StageFoot } from '../stage/Stage.tsx';
import { useSplit } from '../useSplit.ts';
import { cardOf, equationCards, RING } from './cards.ts';

/** The equation and the ring on one stage that is swiped; it turns to where the moment happens. */
export function PhoneStage() {
  const run = useSplit((state) => state.run);
  const stored = useSplit((state) => state.params.stored);
  const at = useSplit((state) => state.at);
  const playing = useSplit((state) => state.playing);
  const { ref, width } = useWidth<HTMLDivElement>();
  const parts = useMemo(
    () => (run === null || width === 0 ? [] : equationCards(run.plan, layoutLines(run.plan, stored, width))),
    [run, stored, width],
  );
  if (run === null) return null;
  const { moment } = progressAt(run.timeline, at);
  const last = parts.length - 1;
  const cards = parts.map(({ id, name, layout }, index): Card => {
    return {
      id,
      name,
      label: `The equation: ${name}`,
      content: (
        <ScrollRegion label={`The matrices of ${name}`}>
          <Figure run={run} layout={layout} still={false} hasCells={index === last} />
        </ScrollRegion>
      ),
    };
  });
  const ring: Card = { id: RING, name: 'Ring', label: 'The ring', content: <RingBody folded /> };
  const rings = whyStill(run) === null;
  return (
    <Panel title="The product" hint="every cell in the colour of the rank that holds it">
      <div className={css['stage']}>
        <div ref={ref} />
        {parts.length > 0 && (
          <Deck
            label="Parts of the product"
            cards={rings ? cards.toSpliced(last, 0, ring) : cards}
            current={cardOf(run.plan, parts, moment) ?? ''}
            fitted
            playing={playing}
          />
        )}
      </div>
      <StageFoot run={run} layout={parts[0]?.layout ?? null} />
    </Panel>
  );
}
