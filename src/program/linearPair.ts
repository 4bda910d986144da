/** h = x·Aᵀ + a, y = h·Bᵀ + b: A is cut by columns, B by rows, and only the second product has to be summed. */

import type { LinearPairConfig } from '../math/plans/configs.ts';
import { checkSizes } from './checks.ts';
import { evenCut } from './cuts.ts';
import { biasAfterSum, columnSplit, rowSplit } from './linear.ts';
import type { ProgramBuilder } from './ProgramBuilder.ts';
import type { Value } from './program.ts';

/** x `[M, hidden]` → `[M, hidden]`. */
export function linearPair(
  b: ProgramBuilder,
  x: Value,
  { hidden, intermediate, bias }: LinearPairConfig,
): Value {
  checkSizes('linear-pair', { hidden, intermediate });
  const columns = evenCut('column', intermediate, b.worldSize);
  const weightsA = { name: 'A', label: 'A', out: intermediate, in: hidden, bias, biasLabel: 'a' };
  const weightsB = { name: 'B', label: 'B', out: hidden, in: intermediate, bias };

  b.stage('column split', 'no communication');
  const h = columnSplit(b, 'h', x, weightsA, columns); // [M, intermediate/p]

  b.stage('row split', 'partial sums');
  const partial = rowSplit(b, 'partial', h, weightsB, columns); // [M, hidden], a term of the sum

  b.stage('all-reduce');
  const sum = b.allReduce(bias ? { id: 'sum', label: 'Σ' } : 'y', partial); // [M, hidden]
  return biasAfterSum(b, 'y', sum, weightsB);
}
