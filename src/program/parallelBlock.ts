/**
 * y = x + attention(norm(x)) + mlp(norm(x)), as in GPT-J, PaLM and Command R: neither half waits for the other, so each
 * rank adds its partials of both, and the block has one sum over the ranks where others have two. Wang & Komatsuzaki 2021.
 */

import { blockLayer } from './block.ts';
import type { BlockConfig } from './configs.ts';
import {
  attentionHalf,
  blockFields,
  blockNorm,
  checkHalves,
  mlpHalf,
  mlpHalfBias,
  shrinkHalves,
} from './halves.ts';
import { type Layer, rowsInput } from './layer.ts';
import type { ProgramBuilder } from './ProgramBuilder.ts';
import type { Value } from './program.ts';

/** One norm, before both halves. A mixture of experts adds its shared experts before the sum, whatever its `reduce` says. */
export type ParallelBlockConfig = Omit<BlockConfig, 'sequenceParallel'>;

/** x `[T, hidden]` → `[T, hidden]`. @param positions the longest sequence, which the cache has room for */
export function parallelBlock(
  b: ProgramBuilder,
  x: Value,
  config: ParallelBlockConfig,
  positions: number,
): Value {
  checkHalves('parallel-block', config);
  b.stage('norm', 'the same on every rank');
  const h = blockNorm(b, 'norm', x, 'input_layernorm', config); // [T, hidden]

  const heads = attentionHalf(b, h, config, positions); // [T, hidden], a term of the sum
  const columns = mlpHalf(b, h, config); // [T, hidden], likewise
  b.stage('add', 'partials, before the one sum');
  const partial = b.add({ id: 'partial', step: 'attention + MLP' }, heads, columns);

  b.stage('all-reduce', 'for both halves');
  const sum = b.allReduce({ id: 'sum', label: 'Σ' }, partial);
  const biased = mlpHalfBias(b, sum, config);

  b.stage('residual');
  return b.add({ id: 'y', step: '+ x' }, x, biased);
}

export const parallelBlockLayer: Layer<'parallel-block', ParallelBlockConfig> = {
  name: 'parallel-block',
  label: 'Parallel block',
  caches: true,
  /** The halves of a model's block, beside each other: no model here is built so. */
  configOf(model) {
    const block = blockLayer.configOf(model);
    if (block === null) return null;
    const { sequenceParallel: _, ...config } = block;
    return config;
  },
  shrink: shrinkHalves,
  fields: (config) => blockFields(config).filter(({ path }) => path !== 'mlp.reduce'),
  halves: ({ attention, mlp }) => ({ attention, mlp }),
  write: (b, config, positions) => parallelBlock(b, rowsInput(b, config.attention), config, positions),
};
