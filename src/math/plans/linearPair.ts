/** h = x·Aᵀ + a, y = h·Bᵀ + b: A is cut by columns, B by rows, and only the second product has to be summed. */

import { addFlops } from '../costs.ts';
import { shardRanges } from '../ranges.ts';
import type { LinearPairConfig } from './configs.ts';
import { cut, type PlanBuilder, partial, replicated } from './PlanBuilder.ts';
import { type PlannedTensor, rangeNote } from './plan.ts';

export function planLinearPair(
  plan: PlanBuilder,
  x: PlannedTensor,
  { hidden, intermediate, bias }: LinearPairConfig,
): PlannedTensor {
  const tokens = x.shapes[0]?.[0] ?? 0;
  const columns = shardRanges(intermediate, plan.worldSize);
  const note = ({ start, end }: { start: number; end: number }): string => rangeNote('column', start, end);

  plan.stage('column split', 'no communication');
  const a = plan.store('A.weight', 'weight', cut('A', [intermediate, hidden], 0, columns));
  const aBias = bias ? plan.store('A.bias', 'weight', cut('a', [intermediate], 0, columns)) : null;
  const h = plan.linear(
    'h',
    { x, w: a, b: aBias, label: 'x·Aᵀ' },
    cut('h', [tokens, intermediate], 1, columns, note),
  );

  plan.stage('row split', 'partial sums');
  const b = plan.store('B.weight', 'weight', cut('B', [hidden, intermediate], 1, columns));
  const product = plan.linear(
    'partial',
    { x: h, w: b, label: 'h·Bᵀ' },
    { label: 'partial', placement: partial, shape: [tokens, hidden] },
  );

  plan.stage('all-reduce', '');
  const sum = plan.allReduce(bias ? 'sum' : 'y', product, bias ? 'Σ' : 'y');
  if (!bias) return sum;

  plan.stage('bias', 'after the sum, once');
  const bBias = plan.store('B.bias', 'weight', { label: 'b', placement: replicated, shape: [hidden] });
  return plan.elementwise('add', 'y', { label: '+ b', inputs: [sum, bBias], cost: addFlops }, 'y');
}
