/**
 * softmax(q·kᵀ / √d)·v on a rank's own heads: q, k and v are column splits by heads, o is a row split. RoPE, the KV cache
 * and the softmax never leave the rank. A rank without heads contributes zeros.
 */

import { checkDivides, checkSizes } from './checks.ts';
import type { AttentionConfig } from './configs.ts';
import { type Cut, cutOf, unitsOf } from './cuts.ts';
import { type Definition, HIDDEN, size, toggle } from './definition.ts';
import { type Layer, rowsInput } from './layer.ts';
import { columnSplit, rowSplit } from './linear.ts';
import { blocksByCount } from './modelConfig.ts';
import { rmsNorm } from './norm.ts';
import type { ProgramBuilder } from './ProgramBuilder.ts';
import type { Value } from './program.ts';
import { anglesTable, attentionScaling } from './rope.ts';
import { headShares } from './shares.ts';
import { shrinkAttention } from './shrink.ts';

/** x `[T, hidden]` → `[T, hidden]`. @param positions the longest sequence, which the cache has room for */
export function attention(b: ProgramBuilder, x: Value, config: AttentionConfig, positions: number): Value {
  const partial = attentionPartial(b, x, config, positions);
  b.stage('all-reduce');
  return b.allReduce('y', partial);
}

/** Up to the partial, whose sum over the ranks is the layer's output. */
export function attentionPartial(
  b: ProgramBuilder,
  x: Value,
  config: AttentionConfig,
  positions: number,
): Value {
  const { hidden, heads, kvHeads, headDim, rope, qkvBias, qkNorm, window, normEpsilon } = config;
  checkSizes('attention', { hidden, heads, kvHeads, headDim, positions, window: window ?? positions });
  if (rope !== null) checkDivides('attention', ['in a pair', 2], ['columns of a head', headDim]);
  const shares = headShares(heads, kvHeads, b.worldSize);
  const queryHeads = cutOf(
    'head',
    shares.map(({ query }) => query),
    headDim,
  );
  const kvHeadsCut = cutOf(
    'head',
    shares.map(({ kv }) => kv),
    headDim,
  );
  const project = (name: 'q' | 'k' | 'v', count: number, by: Cut): Value => {
    const weights = { name: `${name}_proj`, label: `W${name}`, out: count * headDim, in: hidden };
    return columnSplit(b, name, x, { ...weights, bias: qkvBias, biasLabel: `b${name}` }, by);
  };

  b.stage('column split', 'by heads, no communication');
  let q = project('q', heads, queryHeads); // [T, H/p·d]
  let k = project('k', kvHeads, kvHeadsCut); // [T, KV/p·d]
  const v = project('v', kvHeads, kvHeadsCut);

  if (qkNorm) {
    b.stage('norm of each head', 'local to a rank');
    q = rmsNorm(b, { id: 'q normed', label: 'q' }, q, {
      name: 'q_norm',
      width: headDim,
      epsilon: normEpsilon,
    });
    k = rmsNorm(b, { id: 'k normed', label: 'k' }, k, {
      name: 'k_norm',
      width: headDim,
      epsilon: normEpsilon,
    });
  }

  if (rope !== null) {
    b.stage('RoPE', 'each head turned by its position');
    const angles = anglesTable(b, rope, headDim, positions);
    const options = ({ position }: { position: number }) =>
      ({ headDim, start: position, layout: 'half' }) as const;
    q = b.rope('q turned', q, angles, options);
    k = b.rope('k turned', k, angles, options);
  }

  b.stage('KV cache', 'of earlier tokens, and these');
  const keys = b.cache('k cache', k, positions); // [S, KV/p·d]
  const values = b.cache('v cache', v, positions);

  b.stage('attention', 'local to a rank');
  const out = b.attention('heads out', q, keys, values, ({ rank, position }) => ({
    heads: unitsOf(queryHeads, rank),
    kvHeads: unitsOf(kvHeadsCut, rank),
    start: position,
    scale: (rope === null ? 1 : attentionScaling(rope)) / Math.sqrt(headDim),
    causal: true,
    ...(window !== undefined && { window }),
  })); // [T, H/p·d]

  return outputSplit(b, out, { hidden, width: heads * headDim, heads: queryHeads });
}

/** The row split that ends every attention: heads `[T, H/p·d]` times Wo `[hidden, H·d]` → a term of `[T, hidden]`. */
export function outputSplit(
  b: ProgramBuilder,
  out: Value,
  { hidden, width, heads }: { hidden: number; width: number; heads: Cut },
): Value {
  b.stage('row split', 'partial sums');
  const made = { id: 'partial', step: 'out·Woᵀ' };
  return rowSplit(b, made, out, { name: 'o_proj', label: 'Wo', out: hidden, in: width }, heads);
}

/** Beside the width. */
export const attentionFields = [
  size('heads', 'Query heads', 64),
  size('kvHeads', 'Key/value heads', 64, { hint: 'fewer than query heads: grouped-query attention' }),
  size('headDim', 'Width of a head', 128),
  toggle('rope', 'RoPE', { nullable: true }),
  toggle('qkvBias', 'Bias of q, k and v', { hint: 'as Qwen2' }),
  toggle('qkNorm', 'Norm of q and k', { hint: 'as Qwen3' }),
] satisfies readonly Definition<keyof AttentionConfig>[];

export const attentionLayer: Layer<'attention', AttentionConfig> = {
  name: 'attention',
  label: 'Attention',
  caches: true,
  configOf(model) {
    const most = blocksByCount(model)[0]?.attention;
    return most?.kind === 'attention' ? most : null;
  },
  shrink: shrinkAttention,
  fields: () => [HIDDEN, ...attentionFields],
  halves: (config) => ({ attention: { ...config, kind: 'attention' } }),
  write: (b, config, positions) => attention(b, rowsInput(b, config), config, positions),
};
