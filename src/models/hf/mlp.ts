/** The MLPs and the mixtures of experts of a config.json. */

import type { MlpConfig, MoeConfig } from '../../program/configs.ts';
import type { Fields } from './Fields.ts';

/** @throws LabError 'input' where the activation is not SwiGLU's */
export function readMlp(fields: Fields, merged: boolean): { kind: 'mlp' } & MlpConfig {
  requireSilu(fields);
  return {
    kind: 'mlp',
    hidden: fields.count('hidden_size'),
    intermediate: fields.count('intermediate_size'),
    activation: 'swiglu',
    bias: fields.flag('mlp_bias', false),
    merged,
  };
}

/** Mixtral: softmax over all experts, the best two, made to sum to one. */
export function readMixtralExperts(fields: Fields): { kind: 'moe' } & MoeConfig {
  requireSilu(fields);
  const intermediate = fields.count('intermediate_size');
  const all = experts(fields, 'num_local_experts', 8);
  return { ...plainExperts(fields, intermediate, all, true, 2), naming: 'mixtral' };
}

/** Qwen3: the same with many small experts. */
export function readQwen3Experts(fields: Fields): { kind: 'moe' } & MoeConfig {
  requireSilu(fields);
  const normalize = fields.flag('norm_topk_prob', false);
  const intermediate = fields.count('moe_intermediate_size');
  return plainExperts(fields, intermediate, experts(fields, 'num_experts', 128), normalize, 8);
}

function plainExperts(
  fields: Fields,
  intermediate: number,
  count: number,
  normalize: boolean,
  best: number,
): { kind: 'moe' } & MoeConfig {
  return {
    kind: 'moe',
    hidden: fields.count('hidden_size'),
    intermediate,
    experts: count,
    topK: chosen(fields, count, best),
    score: 'softmax',
    groups: 1,
    topGroups: 1,
    gateBias: false,
    normalize,
    routeScale: 1,
    sharedExperts: 0,
    reduce: 'once',
  };
}

/**
 * DeepSeek-V2 (softmax, each group's best score) and V3 (sigmoid, a bias that only selects, each group's best two).
 *
 * @param reduce V3 sums routed and shared experts each for itself, V3.2 both at once
 * @throws LabError 'input' where experts, groups and choices do not fit each other
 */
export function readDeepSeekExperts(
  fields: Fields,
  version: 2 | 3,
  reduce: 'each' | 'once',
): { kind: 'moe' } & MoeConfig {
  requireSilu(fields);
  const count = experts(fields, 'n_routed_experts');
  const method = fields.text('topk_method') ?? (version === 2 ? 'greedy' : 'noaux_tc');
  const greedy = method === 'greedy'; // V2-Lite: groups are in the file and not used
  const groups = greedy ? 1 : fields.count('n_group', version === 3 ? 8 : 1);
  if (count % groups !== 0) throw fields.wrong('n_group', `a number that divides the ${count} experts`);
  const topGroups = greedy ? 1 : fields.count('topk_group', version === 3 ? 4 : 1);
  if (topGroups > groups) throw fields.wrong('topk_group', `at most the ${groups} groups`);
  return {
    kind: 'moe',
    hidden: fields.count('hidden_size'),
    intermediate: fields.count('moe_intermediate_size'),
    experts: count,
    topK: chosen(fields, (count / groups) * topGroups),
    score: version === 2 ? 'softmax' : 'sigmoid',
    groups,
    topGroups,
    gateBias: version === 3,
    normalize: fields.flag('norm_topk_prob', version === 3),
    routeScale: fields.positive('routed_scaling_factor', version === 3 ? 2.5 : 1),
    sharedExperts: fields.isNull('n_shared_experts')
      ? 0
      : fields.whole('n_shared_experts', version === 3 ? 1 : 2),
    reduce,
  };
}

function experts(fields: Fields, name: string, fallback?: number): number {
  const count = fields.count(name, fallback);
  if (count > 65_536) throw fields.wrong(name, 'at most 65536');
  return count;
}

function chosen(fields: Fields, available: number, fallback?: number): number {
  const topK = fields.count('num_experts_per_tok', fallback);
  if (topK > available) {
    throw fields.wrong('num_experts_per_tok', `at most ${available}, as many experts as a token can reach`);
  }
  return topK;
}

function requireSilu(fields: Fields): void {
  if (!['silu', 'swish'].includes(fields.text('hidden_act') ?? 'silu')) {
    throw fields.wrong('hidden_act', '"silu": gated MLPs with another activation cannot be planned');
  }
}
