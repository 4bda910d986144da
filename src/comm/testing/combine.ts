/** The definition of each reduction, for every oracle: by itself, for it must share no code with what it judges. */

import type { ReduceOp } from '../../collectives/kinds.ts';

/** Two terms of a reduction; an average is the sum, until all of it is divided. */
export function combine(op: ReduceOp, a: number, b: number): number {
  switch (op) {
    case 'sum':
    case 'avg':
      return a + b;
    case 'product':
      return a * b;
    case 'min':
      return Math.min(a, b);
    case 'max':
      return Math.max(a, b);
    default:
      return op satisfies never;
  }
}
