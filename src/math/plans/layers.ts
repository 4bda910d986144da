/** Every layer by name, so that a page, a rank program and a benchmark can speak of "a layer" without knowing which. */

import { planAttention } from './attention.ts';
import { blockInput, planBlock } from './block.ts';
import type {
  AttentionConfig,
  BlockConfig,
  LinearPairConfig,
  MlaConfig,
  MlpConfig,
  MoeConfig,
  Pass,
  VocabConfig,
} from './configs.ts';
import { planLinearPair } from './linearPair.ts';
import { planMla } from './mla.ts';
import { planMlp } from './mlp.ts';
import { evenRouting, planMoe, type Routing } from './moe.ts';
import { PlanBuilder, replicated, type TensorSpec } from './PlanBuilder.ts';
import type { LayerPlan } from './plan.ts';
import { planCrossEntropy, planEmbedding, planHead } from './vocabulary.ts';

export type LayerSpec =
  | { readonly layer: 'linear-pair'; readonly config: LinearPairConfig }
  | { readonly layer: 'embedding' | 'head' | 'cross-entropy'; readonly config: VocabConfig }
  | { readonly layer: 'mlp'; readonly config: MlpConfig }
  | { readonly layer: 'attention'; readonly config: AttentionConfig }
  | { readonly layer: 'mla'; readonly config: MlaConfig }
  | { readonly layer: 'moe'; readonly config: MoeConfig }
  | { readonly layer: 'block'; readonly config: BlockConfig };

export type LayerName = LayerSpec['layer'];

/** The mixture of experts inside of a layer, or null. */
export function moeOf(spec: LayerSpec): MoeConfig | null {
  if (spec.layer === 'moe') return spec.config;
  if (spec.layer === 'block' && spec.config.mlp.kind === 'moe') return spec.config.mlp;
  return null;
}

/** Whether the layer keeps tokens of earlier passes. */
export function hasCache(spec: LayerSpec): boolean {
  return spec.layer === 'attention' || spec.layer === 'mla' || spec.layer === 'block';
}

/** @param routing tokens that chose each expert; an even spread where left out */
export function planLayer(spec: LayerSpec, worldSize: number, pass: Pass, routing?: Routing): LayerPlan {
  const plan = new PlanBuilder(worldSize);
  const moe = moeOf(spec);
  const routes = routing ?? (moe === null ? [] : evenRouting(moe, pass.tokens));
  const { tokens } = pass;
  const whole = (label: string, ...shape: number[]): TensorSpec => ({ label, placement: replicated, shape });
  const x = (hidden: number) => plan.input('x', whole('x', tokens, hidden));
  switch (spec.layer) {
    case 'linear-pair':
      return plan.finish(planLinearPair(plan, x(spec.config.hidden), spec.config));
    case 'embedding':
      return plan.finish(planEmbedding(plan, plan.input('ids', whole('ids', tokens)), spec.config));
    case 'head':
      return plan.finish(planHead(plan, x(spec.config.hidden), spec.config));
    case 'cross-entropy': {
      const targets = plan.input('targets', whole('targets', tokens));
      return plan.finish(planCrossEntropy(plan, x(spec.config.hidden), targets, spec.config));
    }
    case 'mlp':
      return plan.finish(planMlp(plan, x(spec.config.hidden), spec.config));
    case 'attention':
      return plan.finish(planAttention(plan, x(spec.config.hidden), spec.config, pass));
    case 'mla':
      return plan.finish(planMla(plan, x(spec.config.hidden), spec.config, pass));
    case 'moe':
      return plan.finish(planMoe(plan, x(spec.config.hidden), spec.config, routes));
    case 'block': {
      const input = plan.input('x', blockInput(spec.config, pass, worldSize));
      return plan.finish(planBlock(plan, input, spec.config, pass, routes));
    }
    default:
      return spec satisfies never;
  }
}
