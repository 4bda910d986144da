/**
 * softmax(q·kᵀ / √d)·v on a rank's own heads: q, k and v are column splits by heads, o is a row split. RoPE, the KV cache
 * and the softmax never leave the rank.
 */

import { attentionFlops, attentionPairs, rmsNormFlops, ropeFlops } from '../costs.ts';
import { lengthOf, type Range } from '../ranges.ts';
import type { AttentionConfig, Pass } from './configs.ts';
import { cut, like, type PlanBuilder, partial, replicated } from './PlanBuilder.ts';
import { type PlannedTensor, rangeNote } from './plan.ts';
import { headShares, widen } from './shares.ts';

export function planAttention(
  plan: PlanBuilder,
  x: PlannedTensor,
  config: AttentionConfig,
  pass: Pass,
): PlannedTensor {
  const product = planAttentionPartial(plan, x, config, pass);
  plan.stage('all-reduce', '');
  return plan.allReduce('y', product, 'y');
}

/** Up to the partial, whose sum over the ranks is the layer's output. */
export function planAttentionPartial(
  plan: PlanBuilder,
  x: PlannedTensor,
  config: AttentionConfig,
  { tokens, past }: Pass,
): PlannedTensor {
  const { hidden, heads, kvHeads, headDim, rope, qkvBias, qkNorm } = config;
  const shares = headShares(heads, kvHeads, plan.worldSize);
  const cuts = {
    q: { heads, ranges: shares.map(({ query }) => query) },
    k: { heads: kvHeads, ranges: shares.map(({ kv }) => kv) },
    v: { heads: kvHeads, ranges: shares.map(({ kv }) => kv) },
  };

  plan.stage('column split', 'by heads, no communication');
  const project = (name: 'q' | 'k' | 'v'): PlannedTensor => {
    const { heads: count, ranges } = cuts[name];
    const wide = ranges.map((range) => widen(range, headDim));
    const w = plan.store(
      `${name}_proj.weight`,
      'weight',
      cut(`W${name}`, [count * headDim, hidden], 0, wide),
    );
    const b = qkvBias
      ? plan.store(`${name}_proj.bias`, 'weight', cut(`b${name}`, [count * headDim], 0, wide))
      : null;
    return plan.linear(
      name,
      { x, w, b, label: `x·W${name}ᵀ` },
      byHeads(name, [tokens, count * headDim], headDim, ranges),
    );
  };
  let q = project('q');
  let k = project('k');
  const v = project('v');

  if (qkNorm) {
    plan.stage('norm of each head', 'local to a rank');
    const norm = (name: string, of: PlannedTensor): PlannedTensor => {
      const w = plan.store(`${name}_norm.weight`, 'weight', {
        label: 'w',
        placement: replicated,
        shape: [headDim],
      });
      return plan.elementwise(
        'rmsNorm',
        `${name} normed`,
        { label: 'rmsNorm', inputs: [of, w], cost: rmsNormFlops },
        name,
      );
    };
    q = norm('q', q);
    k = norm('k', k);
  }

  if (rope !== null) {
    plan.stage('RoPE', 'each head turned by its position');
    const shape = [past + tokens, headDim];
    const table = plan.store('angles', 'table', { label: 'cos, sin', placement: replicated, shape });
    const turn = (name: string, of: PlannedTensor): PlannedTensor =>
      plan.elementwise(
        'rope',
        `${name} turned`,
        { label: 'rope', inputs: [of, table], cost: ropeFlops },
        name,
      );
    q = turn('q', q);
    k = turn('k', k);
  }

  plan.stage('KV cache', past > 0 ? `${past} tokens are there` : 'empty before');
  const cached = (name: 'k' | 'v', of: PlannedTensor): PlannedTensor => {
    const { heads: count, ranges } = cuts[name];
    const shape = [past + tokens, count * headDim];
    const cache = plan.store(`${name} cache`, 'cache', byHeads(`${name} cache`, shape, headDim, ranges));
    plan.inPlace('writeRows', `${name} write`, { label: `cache ${name}`, inputs: [of, cache] });
    return cache;
  };
  const keys = cached('k', k);
  const values = cached('v', v);

  plan.stage('attention', 'local to a rank');
  const pairs = attentionPairs(tokens, past, true);
  const out = plan.op(
    'attention',
    'heads out',
    {
      label: 'softmax(q·kᵀ)·v',
      inputs: [q, keys, values],
      flops: (rank) =>
        attentionFlops(pairs, lengthOf(cuts.q.ranges[rank] ?? { start: 0, end: 0 }), headDim, headDim),
    },
    like(q, 'heads out'),
  );

  return planOutput(plan, out, { hidden, heads, width: headDim, ranges: cuts.q.ranges });
}

/** The row split that ends every attention: heads `[T, H/p·width]` times Wo `[hidden, H·width]`. */
export function planOutput(
  plan: PlanBuilder,
  out: PlannedTensor,
  {
    hidden,
    heads,
    width,
    ranges,
  }: { hidden: number; heads: number; width: number; ranges: readonly Range[] },
): PlannedTensor {
  const tokens = out.shapes[0]?.[0] ?? 0;
  plan.stage('row split', 'partial sums');
  const wide = ranges.map((range) => widen(range, width));
  const w = plan.store('o_proj.weight', 'weight', cut('Wo', [hidden, heads * width], 1, wide));
  return plan.linear(
    'partial',
    { x: out, w, label: 'out·Woᵀ' },
    { label: 'partial', placement: partial, shape: [tokens, hidden] },
  );
}

/** A tensor `[…, heads·width]` whose columns are cut by whole heads. */
export function byHeads(label: string, whole: readonly number[], width: number, ranges: readonly Range[]) {
  const wide = ranges.map((range) => widen(range, width));
  const note = (rank: number): string => {
    const { start, end } = ranges[rank] ?? { start: 0, end: 0 };
    return rangeNote('head', start, end);
  };
  return { ...cut(label, whole, whole.length - 1, wide), note };
}
