/** The experts of a layer, where it has some: how many, how wide, and what stands beside them. */

import type { Fields } from '../../models/hf/Fields.ts';
import type { Traits } from './families.ts';
import { anyCount, matrix, mlpWeights, NAMES, type Unstored, vector } from './layerWeights.ts';

export interface ExpertLayer {
  readonly count: number;
  readonly topK: number;
  readonly weights: readonly Unstored[];
}

/** Null where layer `layer` is dense. @throws LabError 'input' where more experts are chosen than there are */
export function expertLayer(fields: Fields, type: string, traits: Traits, layer: number): ExpertLayer | null {
  const hidden = anyCount(fields, NAMES.hidden);
  const shared = (inner: number, at: string): Unstored[] =>
    inner === 0 ? [] : mlpWeights(fields, traits, inner, at, false);
  switch (traits.experts) {
    case 'none':
      return null;
    case 'mixtral': {
      const count = most(fields, 'num_local_experts', 8);
      const topK = chosen(fields, 'num_experts_per_tok', count, 2);
      return {
        count,
        topK,
        weights: [
          matrix('block_sparse_moe.gate', count, hidden, 'copied'),
          ...dealt(hidden, fields.count('intermediate_size'), count),
        ],
      };
    }
    case 'qwen': {
      const step = fields.count('decoder_sparse_step', 1);
      if (fields.list('mlp_only_layers').includes(layer) || (layer + 1) % step !== 0) return null;
      const count = most(fields, 'num_experts', type === 'qwen2_moe' ? 60 : 128);
      const topK = chosen(fields, 'num_experts_per_tok', count, type === 'qwen2_moe' ? 4 : 8);
      const inner = fields.has('moe_intermediate_size')
        ? fields.count('moe_intermediate_size')
        : fields.count('intermediate_size');
      const beside = type === 'qwen2_moe' ? fields.whole('shared_expert_intermediate_size', 5632) : 0;
      return {
        count,
        topK,
        weights: [
          matrix('mlp.gate', count, hidden, 'copied'),
          ...dealt(hidden, inner, count),
          ...shared(beside, 'mlp.shared_expert'),
          ...(beside > 0 ? [matrix('mlp.shared_expert_gate', 1, hidden, 'copied')] : []),
        ],
      };
    }
    case 'deepseek': {
      const first = fields.whole(
        'first_k_dense_replace',
        type === 'deepseek_v2' ? 0 : type === 'glm4_moe' ? 1 : 3,
      );
      if (
        fields.isNull('n_routed_experts') ||
        layer < first ||
        layer % fields.count('moe_layer_freq', 1) !== 0
      )
        return null;
      const count = most(fields, 'n_routed_experts');
      const topK = chosen(fields, 'num_experts_per_tok', count);
      const inner = fields.count('moe_intermediate_size');
      const beside = fields.isNull('n_shared_experts')
        ? 0
        : fields.whole('n_shared_experts', type === 'deepseek_v2' ? 2 : 1);
      const biased = type !== 'deepseek_v2' ? [vector('mlp.gate.e_score_correction_bias', count)] : [];
      return {
        count,
        topK,
        weights: [
          matrix('mlp.gate', count, hidden, 'copied'),
          ...biased,
          ...dealt(hidden, inner, count),
          ...shared(beside * inner, 'mlp.shared_experts'),
        ],
      };
    }
    case 'llama4': {
      const step = fields.count('interleave_moe_layer_step', 1);
      const listed = fields.list('moe_layers');
      if (listed.length > 0 ? !listed.includes(layer) : (layer + 1) % step !== 0) return null;
      const count = most(fields, 'num_local_experts', 16);
      const inner = fields.count('intermediate_size');
      return {
        count,
        topK: chosen(fields, 'num_experts_per_tok', count, 1),
        weights: [
          matrix('feed_forward.router', count, hidden, 'copied'),
          ...dealt(hidden, inner, count),
          ...shared(inner, 'feed_forward.shared_expert'),
        ],
      };
    }
    case 'gpt-oss': {
      const count = most(fields, 'num_local_experts', 128);
      const inner = fields.count('intermediate_size');
      return {
        count,
        topK: chosen(fields, 'num_experts_per_tok', count, 4),
        weights: [
          matrix('mlp.router', count, hidden, 'copied'),
          vector('mlp.router.bias', count),
          ...dealt(hidden, inner, count),
          vector('mlp.experts.gate_up_proj_bias', 2 * inner, 'experts', count),
          vector('mlp.experts.down_proj_bias', hidden, 'experts', count),
        ],
      };
    }
    default:
      return traits.experts satisfies never;
  }
}

function dealt(hidden: number, inner: number, count: number): Unstored[] {
  return [
    matrix('mlp.experts.gate_proj', inner, hidden, 'experts', count),
    matrix('mlp.experts.up_proj', inner, hidden, 'experts', count),
    matrix('mlp.experts.down_proj', hidden, inner, 'experts', count),
  ];
}

function most(fields: Fields, name: string, fallback?: number): number {
  const count = fields.count(name, fallback);
  if (count > 65_536) throw fields.wrong(name, 'at most 65536');
  return count;
}

function chosen(fields: Fields, name: string, count: number, fallback?: number): number {
  const topK = fields.count(name, fallback);
  if (topK > count) throw fields.wrong(name, `at most the ${count} experts`);
  return topK;
}
