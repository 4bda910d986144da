/**
 * x + attention(norm(x)), then x + mlp(norm(x)): a pre-norm block has two sums over the ranks. With sequence parallelism
 * each sum leaves a rank only its own tokens (reduceScatter), norm and residual work on those, and an allGather puts the
 * tokens together before the next product: the same bytes, and 1/p of what lies between. Korthikanti et al. 2022.
 */

import type { BlockConfig } from './configs.ts';
import { type Cut, evenCut } from './cuts.ts';
import type { Definition } from './definition.ts';
import { mixtureOfExperts } from './experts.ts';
import {
  attentionHalf,
  blockFields,
  blockNorm,
  checkHalves,
  mlpHalf,
  mlpHalfBias,
  mlpName,
  shrinkHalves,
} from './halves.ts';
import type { Layer } from './layer.ts';
import type { Made } from './lifted.ts';
import { blocksByCount } from './modelConfig.ts';
import type { ProgramBuilder } from './ProgramBuilder.ts';
import type { Value } from './program.ts';

/** How a rank's tokens are cut with sequence parallelism; null without. */
export function tokensCut(b: ProgramBuilder, sequenceParallel: boolean): Cut | null {
  return sequenceParallel ? evenCut('token', b.tokens, b.worldSize) : null;
}

/** x `[T, hidden]` whole, or with sequence parallelism each rank's `[T/p, hidden]` → the same. */
export function block(b: ProgramBuilder, x: Value, config: BlockConfig, positions: number): Value {
  const { mlp, sequenceParallel } = config;
  checkHalves('block', config);
  const tokens = tokensCut(b, sequenceParallel);
  const normed = (id: string, name: string, of: Value): Value => {
    b.stage('norm', tokens === null ? 'the same on every rank' : 'on a rank’s own tokens');
    return gathered(b, `${id} gathered`, blockNorm(b, id, of, name, config));
  };
  const residual = (id: string, of: Value, sum: Value, label: string): Value => {
    b.stage('residual', tokens === null ? '' : 'on a rank’s own tokens');
    return b.add({ id, label, step: '+ x' }, of, sum);
  };

  const h1 = normed('norm1', 'input_layernorm', x); // [T, hidden]
  const out = attentionHalf(b, h1, config, positions); // [T, hidden], a term of the sum
  const middle = residual('x1', x, reduced(b, 'attention sum', out, tokens), 'x′');

  const h2 = normed('norm2', 'post_attention_layernorm', middle);
  if (mlp.kind === 'moe' && mlp.reduce === 'each' && tokens === null) {
    const y = b.within(mlpName(mlp), () => mixtureOfExperts(b, h2, mlp));
    return residual('y', middle, y, 'y');
  }
  const sum = reduced(b, 'mlp sum', mlpHalf(b, h2, config), tokens);
  return residual('y', middle, mlpHalfBias(b, sum, config), 'y');
}

/** The tokens of all ranks, where each has its own. */
export function gathered(b: ProgramBuilder, id: string, x: Value): Value {
  if (x.placement.kind !== 'sharded') return x;
  b.stage('all-gather', 'the tokens of all ranks');
  return b.allGather({ id, label: x.label }, x);
}

/** The sum of a partial `[T, hidden]`: whole, or a rank's tokens of it. */
export function reduced(b: ProgramBuilder, id: string, partial: Value, tokens: Cut | null): Value {
  const made: Made = { id, label: 'Σ' };
  if (tokens === null) {
    b.stage('all-reduce');
    return b.allReduce(made, partial);
  }
  b.stage('reduce-scatter', 'each rank gets its tokens');
  return b.reduceScatter(made, partial, tokens);
}

export const blockLayer: Layer<'block', BlockConfig> = {
  name: 'block',
  label: 'Block',
  caches: true,
  configOf: (model) => blocksByCount(model)[0] ?? null,
  shrink: shrinkHalves,
  fields: (config) => blockFields(config).map(reducingOnce),
  halves: ({ attention, mlp }) => ({ attention, mlp }),
  write(b, config, positions) {
    const { attention, sequenceParallel } = config;
    const by = tokensCut(b, sequenceParallel);
    const x = b.input('x', [b.tokens, attention.hidden], by && { dim: 0, by });
    return block(b, x, config, positions);
  },
};

/** With sequence parallelism there is one reduce-scatter for both parts of a mixture of experts, whatever it says. */
function reducingOnce(field: Definition): Definition {
  if (field.path !== 'mlp.reduce') return field;
  const applies = (config: BlockConfig) => !config.sequenceParallel && (field.applies?.(config) ?? true);
  return { ...field, applies };
}
