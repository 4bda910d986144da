/** Which sizes each operation's shape has: what a file must bring, so that its layers can be planned. */

import type { BenchCase, BenchOp } from './record.ts';

const PRODUCT = ['m', 'k', 'n'];
const ATTENTION = ['m', 'past', 'hidden', 'heads', 'kvHeads', 'headDim'];

/** @see BenchCase.shape */
const SIZES: Readonly<Partial<Record<BenchOp, readonly string[]>>> = {
  gemm: PRODUCT,
  column_linear: PRODUCT,
  row_linear: PRODUCT,
  mlp: ['m', 'hidden', 'intermediate'],
  attention: ATTENTION,
  block: [...ATTENTION, 'intermediate'],
  embedding: ['m', 'vocab', 'hidden'],
};

/** What the shape lacks, as the end of a sentence; null where it is one that the operation can have. */
export function problemWithShape({ op, shape }: Pick<BenchCase, 'op' | 'shape'>): string | null {
  const sizes = SIZES[op] ?? [];
  const bad = sizes.find((name) => !((shape[name] ?? -1) >= (name === 'past' ? 0 : 1)));
  if (bad !== undefined) {
    return `${bad} is ${shape[bad] ?? 'missing'}. Of ${op} it must have ${sizes.join(', ')}, each from 1 on${sizes.includes('past') ? ', past from 0 on' : ''}.`;
  }
  const { heads = 0, kvHeads = 1 } = shape;
  if (!sizes.includes('heads') || heads % kvHeads === 0) return null;
  return `heads is ${heads} and kvHeads ${kvHeads}. Key/value heads must divide the heads.`;
}
