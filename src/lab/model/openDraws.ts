/** Draws that the largest logits may leave open: then all of them are gathered behind these, which no plan can foresee. */

import type { Spent } from '../../protocol.ts';
import type { Sampling } from '../../sampling/sampling.ts';
import { mayNotDecide, type Wanted } from '../../sampling/top.ts';
import type { ModelSession } from './session.ts';
import { differenceFrom, type PlannedCall } from './tokenPlan.ts';

/** What of a rank's pass was neither as planned nor that and all logits, in a sentence; null where nothing was. */
export type Differing = (rank: number, planned: readonly PlannedCall[], spent: Spent) => string | null;

/** For passes behind which a token is drawn so, from what is wanted of the logits. */
export function differingFor(
  session: Pick<ModelSession, 'tokenPlan'>,
  sampling: Sampling,
  wanted: Wanted,
): Differing {
  const inFull = wanted !== 'all' && mayNotDecide(sampling) ? session.tokenPlan('all') : [];
  return (rank, planned, spent) => {
    const difference = differenceFrom(planned, spent);
    const ofLogits = inFull[rank]?.at(-1);
    if (difference === null || ofLogits?.kind !== 'all_gather') return difference;
    return differenceFrom([...planned, ofLogits], spent) === null ? null : difference;
  };
}
