/** h = x·Aᵀ + a, y = h·Bᵀ + b: A is cut by columns, B by rows, and only the second product has to be summed. */

import { checkSizes } from './checks.ts';
import type { LinearPairConfig } from './configs.ts';
import { evenCut } from './cuts.ts';
import { HIDDEN, size, toggle } from './definition.ts';
import { type Layer, rowsInput } from './layer.ts';
import { biasAfterSum, columnSplit } from './linear.ts';
import { blocksByCount } from './modelConfig.ts';
import type { ProgramBuilder } from './ProgramBuilder.ts';
import type { Value } from './program.ts';
import { shrinkMlp } from './shrink.ts';
import { BLOCKS, summedRowSplit } from './summedRowSplit.ts';

/** x `[M, hidden]` → `[M, hidden]`. */
export function linearPair(
  b: ProgramBuilder,
  x: Value,
  { hidden, intermediate, bias, blocks = 1 }: LinearPairConfig,
): Value {
  checkSizes('linear-pair', { hidden, intermediate, blocks });
  const columns = evenCut('column', intermediate, b.worldSize);
  const weightsA = { name: 'A', label: 'A', out: intermediate, in: hidden, bias, biasLabel: 'a' };
  const weightsB = { name: 'B', label: 'B', out: hidden, in: intermediate, bias };

  b.stage('column split', 'no communication');
  const h = columnSplit(b, 'h', x, weightsA, columns); // [M, intermediate/p]

  const made = bias ? { id: 'sum', label: 'Σ' } : { id: 'y' };
  const sum = summedRowSplit(b, made, h, { weights: weightsB, columns, note: 'partial sums', blocks }); // [M, hidden]
  return biasAfterSum(b, 'y', sum, weightsB);
}

export const linearPairLayer: Layer<'linear-pair', LinearPairConfig> = {
  name: 'linear-pair',
  label: 'Linear pair',
  caches: false,
  /** Of any MLP, its outer two products. */
  configOf(model) {
    const mlps = blocksByCount(model).map(({ mlp }) => mlp);
    const widest = mlps.find(({ kind }) => kind === 'mlp') ?? mlps[0];
    if (widest === undefined) return null;
    return { hidden: model.hidden, intermediate: widest.intermediate, bias: false };
  },
  shrink: shrinkMlp,
  fields: () => [HIDDEN, size('intermediate', 'Intermediate width', 2048), toggle('bias', 'Bias'), BLOCKS],
  write: (b, config) => linearPair(b, rowsInput(b, config), config),
};
