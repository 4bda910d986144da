/** This page's own cut: every number of ranks runs, and some waste much. */

import { cut } from '../../base/shown.ts';
import { FAMILIES, WITHOUT_PLAN } from '../../models/hf/families.ts';
import { lengthOf } from '../../numerics/ranges.ts';
import { expertShares, headShares } from '../../program/shares.ts';
import type { CountedModel } from '../model/parts.ts';
import type { Codebase, Subject } from './codebase.ts';
import { imbalance, shareRemarks } from './cutSizes.ts';

export const ringside: Codebase = {
  id: 'ringside',
  label: 'Ringside',
  rule: 'any number: shards may differ in length, or be empty',
  version: 'this version',
  read: ['src/program/shares.ts', 'src/numerics/ranges.ts'],
  lacks: whyNoProgram,
  objections: () => [],
  remarks: waste,
  wholeExperts: null,
  pipeline: null,
};

/** By the architecture, as a file names it, or by that of the decoder in it. */
function whyNoProgram({ architecture, type }: CountedModel): string | null {
  const known = FAMILIES.has(architecture) || [...FAMILIES.values()].some((one) => one.modelType === type);
  if (known) return null;
  const why = WITHOUT_PLAN.get(architecture) ?? WITHOUT_PLAN.get(type);
  return `counts ${cut(architecture)}, and has no program of it${why === undefined ? '' : `: ${why}`}`;
}

/** What uneven shards and copies cost. */
function waste({ sizes: { heads, kvHeads, mlps, experts, vocab } }: Subject, p: number): string[] {
  const query = headShares(heads, kvHeads, p).map((share) => lengthOf(share.query));
  const copied = kvHeads < heads && p > kvHeads && p % kvHeads === 0;
  return [
    ...imbalance({ what: 'heads', size: heads }, query),
    ...(copied
      ? [
          kvHeads === 1
            ? `the key/value head is on all ${p} ranks`
            : `each of the ${kvHeads} key/value heads is on ${p / kvHeads} ranks`,
        ]
      : []),
    ...mlps.flatMap((width) => shareRemarks(width, p)),
    ...(experts === null
      ? []
      : imbalance({ what: 'experts', size: experts }, expertShares(experts, p).map(lengthOf))),
    ...shareRemarks({ what: 'vocabulary entries', size: vocab }, p),
  ];
}
