/** Which steps stand beside each other in a lane: those that do not read each other, as long as their words fit. */

import { type LayerPlan, type PlannedStep, stepsOf, tensorOf } from '#program/plan.ts';
import { TIME_ROOM, tensorPieces, weightPieces } from './flowWords.ts';
import type { Lanes } from './lanes.ts';
import { PILL_PAD, type Place, TENSOR_PAD, WEIGHT_PAD } from './layoutTypes.ts';
import { isWhole, madeBy, readsOf, weightsOf } from './made.ts';
import { leastWidth, piece } from './text.ts';

/** How many steps, from `first` on and before `end`, stand beside each other; 1 or more. */
export function countBeside(
  plan: LayerPlan,
  lanes: Lanes,
  { first, end, inset }: { readonly first: number; readonly end: number; readonly inset: number },
): number {
  const together = independent(plan, stepsOf(plan).slice(first, end));
  const fit = together.every((step) => fits(plan, lanes, step, { at: 0, count: together.length, inset }));
  return fit ? Math.max(1, together.length) : 1;
}

/** What all ranks have alike is as wide as the picture, and stands alone. */
function independent(plan: LayerPlan, steps: readonly PlannedStep[]): PlannedStep[] {
  const made: string[] = [];
  const together: PlannedStep[] = [];
  for (const step of steps) {
    const tensor = madeBy(step);
    const isApart = step.kind === 'collective' || isWhole(tensorOf(plan, tensor));
    if (isApart || made.includes(tensor) || readsOf(step).some((id) => made.includes(id))) break;
    const [first = step] = together;
    if (first.kind === 'op' && first.loop !== step.loop) break;
    made.push(tensor);
    together.push(step);
  }
  return together;
}

function fits(plan: LayerPlan, lanes: Lanes, step: PlannedStep, place: Place): boolean {
  if (place.count === 1) return true;
  const pill = step.kind === 'op' ? leastWidth([piece('label', step.label), TIME_ROOM]) : 0;
  return lanes.lanes.every((lane) => {
    const { width } = lanes.cell(lane, place);
    const weights = weightsOf(plan, step).map((weight) => leastWidth(weightPieces(weight, lane.rank)));
    const words = tensorPieces(tensorOf(plan, madeBy(step)), lane.rank, place.inset > 0);
    return (
      pill + PILL_PAD.x <= width &&
      leastWidth(words) + TENSOR_PAD.x <= width &&
      Math.max(0, ...weights) + WEIGHT_PAD.x <= width
    );
  });
}
