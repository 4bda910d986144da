/**
 * x + attention(norm(x)), then x + mlp(norm(x)): a pre-norm block has two sums over the ranks. With sequence parallelism
 * each sum leaves a rank only its own tokens (reduceScatter), norm and residual work on those, and an allGather puts the
 * tokens together before the next product: the same bytes, and 1/p of what lies between. Korthikanti et al. 2022.
 */

import { addFlops, rmsNormFlops } from '../costs.ts';
import { lengthOf, shardRanges } from '../ranges.ts';
import { planAttentionPartial } from './attention.ts';
import type { BlockConfig, Pass } from './configs.ts';
import { planMlaPartial } from './mla.ts';
import { planMlpBias, planMlpPartial } from './mlp.ts';
import { planMoe, planMoePartial, type Routing } from './moe.ts';
import { cut, like, type PlanBuilder, replicated, type TensorSpec } from './PlanBuilder.ts';
import { type PlannedTensor, rangeNote } from './plan.ts';

/** @param x `[tokens, hidden]`, or with sequence parallelism each rank's `[tokens/p, hidden]` */
export function planBlock(
  plan: PlanBuilder,
  x: PlannedTensor,
  config: BlockConfig,
  pass: Pass,
  routing: Routing = [],
): PlannedTensor {
  const { attention, mlp, sequenceParallel } = config;
  const { hidden } = attention;
  const tokenRanges = shardRanges(pass.tokens, plan.worldSize);
  const counts = tokenRanges.map((range) => lengthOf(range) * hidden);

  const normed = (name: string, stored: string, of: PlannedTensor): PlannedTensor => {
    plan.stage('norm', sequenceParallel ? 'on a rank’s own tokens' : 'the same on every rank');
    const w = plan.store(`${stored}.weight`, 'weight', {
      label: 'w',
      placement: replicated,
      shape: [hidden],
    });
    const out = plan.elementwise(
      'rmsNorm',
      name,
      { label: 'rmsNorm', inputs: [of, w], cost: rmsNormFlops },
      'norm(x)',
    );
    if (!sequenceParallel) return out;
    plan.stage('all-gather', 'the tokens of all ranks');
    const whole = { label: 'norm(x)', placement: replicated, shape: [pass.tokens, hidden] };
    return plan.collective('all_gather', `${name} gathered`, out, whole, { counts });
  };

  const reduced = (name: string, product: PlannedTensor, of: PlannedTensor): PlannedTensor => {
    if (!sequenceParallel) {
      plan.stage('all-reduce', '');
      return plan.allReduce(name, product, 'Σ');
    }
    plan.stage('reduce-scatter', 'each rank gets its tokens');
    return plan.collective('reduce_scatter', name, product, like(of, 'Σ'), { counts });
  };

  const residual = (name: string, of: PlannedTensor, sum: PlannedTensor, label: string): PlannedTensor => {
    plan.stage('residual', sequenceParallel ? 'on a rank’s own tokens' : '');
    return plan.elementwise('add', name, { label: '+ x', inputs: [of, sum], cost: addFlops }, label);
  };

  const h1 = normed('norm1', 'input_layernorm', x);
  const out = plan.within('self_attn', () =>
    attention.kind === 'attention'
      ? planAttentionPartial(plan, h1, attention, pass)
      : planMlaPartial(plan, h1, attention, pass),
  );
  const middle = residual('x1', x, reduced('attention sum', out, x), 'x′');

  const h2 = normed('norm2', 'post_attention_layernorm', middle);
  if (mlp.kind === 'moe' && mlp.reduce === 'each' && !sequenceParallel) {
    const y = plan.within('mlp', () => planMoe(plan, h2, mlp, routing));
    return residual('y', middle, y, 'y');
  }
  const product = plan.within('mlp', () =>
    mlp.kind === 'mlp' ? planMlpPartial(plan, h2, mlp) : planMoePartial(plan, h2, mlp, routing),
  );
  const sum = reduced('mlp sum', product, x);
  const biased = mlp.kind === 'mlp' ? plan.within('mlp', () => planMlpBias(plan, sum, mlp)) : sum;
  return residual('y', middle, biased, 'y');
}

/** The input of a block: whole on every rank, or each rank's own tokens. */
export function blockInput(config: BlockConfig, { tokens }: Pass, worldSize: number): TensorSpec {
  const shape = [tokens, config.attention.hidden];
  if (!config.sequenceParallel) return { label: 'x', placement: replicated, shape };
  return cut('x', shape, 0, shardRanges(tokens, worldSize), ({ start, end }) =>
    rangeNote('token', start, end),
  );
}
