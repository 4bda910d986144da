/** The equation in cards for a phone, one after the other, and the card on which a moment happens. Pure. */

import type { Moment } from '#lab/split/timeline.ts';
import { ringOf } from '#lab/split/timeline.ts';
import type { SplitPlan } from '#program/splitPlan.ts';
import type { Plate, StageLayout } from '../stage/layout.ts';

export const RING = 'ring';

/** A part of the equation: what is multiplied, what came of it, or Y. */
export interface EquationCard {
  readonly id: string;
  readonly name: string;
  readonly layout: StageLayout;
}

export function equationCards(plan: SplitPlan, layouts: readonly StageLayout[]): EquationCard[] {
  return layouts.map((layout) => ({ id: idOf(layout.plates), name: nameOf(plan, layout.plates), layout }));
}

/** The id of the card that a moment is about. */
export function cardOf(plan: SplitPlan, cards: readonly EquationCard[], moment: Moment): string | undefined {
  const last = plan.products.length - 1;
  const holding = (kinds: readonly Plate['kind'][], product: number): string | undefined =>
    cards.find(({ layout }) =>
      layout.plates.some((plate) => kinds.includes(plate.kind) && plate.product === product),
    )?.id;
  switch (moment.phase) {
    case 'cut':
      return cards[0]?.id;
    case 'multiply':
      return holding(['product', 'partial'], moment.product ?? 0);
    case 'reduce-scatter':
    case 'all-gather':
      return RING;
    case 'bias':
    case 'done':
      return ringOf(plan) === null ? holding(['product'], last) : holding(['output'], last);
    default:
      return moment.phase satisfies never;
  }
}

function idOf(plates: readonly Plate[]): string {
  return plates[0]?.id.replace(/-\d+$/, '') === 'partial' ? 'partials' : (plates[0]?.id ?? '');
}

function nameOf(plan: SplitPlan, plates: readonly Plate[]): string {
  const [first] = plates;
  if (first?.kind === 'partial') return 'Partials';
  if (first?.kind === 'product' && plates.length === 1 && ringOf(plan) !== null) return 'Shards';
  return plates.map(({ name }) => name).join(' · ');
}
