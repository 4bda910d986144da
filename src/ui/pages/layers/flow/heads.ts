/** What stands above a tensor: the pill of its operation with the weights that it reads, or the band of a collective. */

import type { LayerPlan, PlannedCollective, PlannedOp } from '#program/plan.ts';
import { COLLECTIVE_ROOM, collectivePieces, TIME_ROOM, weightPieces } from './flowWords.ts';
import { placeItems } from './items.ts';
import { aroundWords, BAND_PAD, type Box, type FlowNode, PILL_PAD, RING, WEIGHT_PAD } from './layoutTypes.ts';
import { madeBy, weightsOf } from './made.ts';
import { DOT, LINE, piece, wrap } from './text.ts';

export function bandOf(step: PlannedCollective, place: Omit<Box, 'height'>): FlowNode {
  const lines = wrap([...collectivePieces(step), ...COLLECTIVE_ROOM], place.width - BAND_PAD.x, DOT);
  const height = lines.length * LINE + RING + BAND_PAD.y;
  return {
    key: `c ${step.id}`,
    kind: 'collective',
    rank: null,
    tensor: madeBy(step),
    lines,
    ...place,
    height,
  };
}

/** The boxes of an operation on one rank, which runs it. */
export function opBoxes(
  plan: LayerPlan,
  step: PlannedOp,
  rank: number,
  place: Omit<Box, 'height'>,
): FlowNode[] {
  const weights = weightsOf(plan, step).map((weight) => {
    const lines = wrap(weightPieces(weight, rank), place.width - WEIGHT_PAD.x);
    return {
      kind: 'weight' as const,
      key: `w ${step.id} ${weight.id} ${rank}`,
      rank,
      tensor: weight.id,
      lines,
      ...aroundWords(lines, WEIGHT_PAD, place.width),
    };
  });
  const lines = wrap([piece('label', step.label), TIME_ROOM], place.width - PILL_PAD.x);
  const pill = {
    kind: 'op' as const,
    key: `o ${step.id} ${rank}`,
    rank,
    tensor: madeBy(step),
    lines,
    ...aroundWords(lines, PILL_PAD, place.width),
  };
  return placeItems([...weights, pill], place);
}
