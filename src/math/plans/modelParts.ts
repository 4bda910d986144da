/**
 * The layers of a whole language model, planned: each kind once, with how often it stands there. Nothing here grows with
 * the number of layers, so that 671 billion weights are planned as quickly as one layer.
 */

import { rmsNormFlops } from '../costs.ts';
import { lengthOf, shardRanges } from '../ranges.ts';
import type { BlockConfig, Pass } from './configs.ts';
import { planLayer } from './layers.ts';
import { kindsOfBlock, type ModelConfig } from './modelConfig.ts';
import { cut, like, PlanBuilder, replicated } from './PlanBuilder.ts';
import type { LayerPlan } from './plan.ts';
import { planEmbeddingPartial } from './vocabulary.ts';

/** How a model is planned, beside what it is. */
export interface PartOptions {
  /** reduceScatter and allGather in place of allReduce, from the embedding to the last norm. */
  readonly sequenceParallel?: boolean;
  /** What multi-head latent attention caches, where the model has any; as configured where left out. */
  readonly mlaCache?: 'naive' | 'absorbed';
}

/** One kind of layer, and how often the model has it. */
export interface ModelPart {
  readonly name: 'embedding' | 'block' | 'norm' | 'head';
  readonly count: number;
  readonly plan: LayerPlan;
}

/**
 * In order: embedding, each kind of block, the norm over all tokens, and the head over the last position, between which
 * two the other positions are dropped.
 */
export function modelParts(
  model: ModelConfig,
  worldSize: number,
  pass: Pass,
  options: PartOptions = {},
): ModelPart[] {
  const { vocab, hidden } = model;
  const sequenceParallel = options.sequenceParallel ?? false;
  const spec = { layer: 'head', config: { vocab, hidden } } as const;
  return [
    { name: 'embedding', count: 1, plan: embeddingPlan(model, worldSize, pass, sequenceParallel) },
    ...kindsOfBlock(model).map(({ count, block }): ModelPart => {
      const config = withOptions(block, sequenceParallel, options.mlaCache);
      return { name: 'block', count, plan: planLayer({ layer: 'block', config }, worldSize, pass) };
    }),
    { name: 'norm', count: 1, plan: normPlan(model, worldSize, pass, sequenceParallel) },
    { name: 'head', count: 1, plan: planLayer(spec, worldSize, { tokens: 1, past: 0 }) },
  ];
}

function embeddingPlan(
  { vocab, hidden }: ModelConfig,
  worldSize: number,
  pass: Pass,
  sequenceParallel: boolean,
): LayerPlan {
  const config = { vocab, hidden };
  if (!sequenceParallel) return planLayer({ layer: 'embedding', config }, worldSize, pass);
  const plan = new PlanBuilder(worldSize);
  const ids = plan.input('ids', { label: 'ids', placement: replicated, shape: [pass.tokens] });
  const product = planEmbeddingPartial(plan, ids, config);
  plan.stage('reduce-scatter', 'each rank gets its tokens');
  const tokens = shardRanges(pass.tokens, worldSize);
  const counts = tokens.map((range) => lengthOf(range) * hidden);
  const own = cut('y', [pass.tokens, hidden], 0, tokens);
  return plan.finish(plan.collective('reduce_scatter', 'y', product, own, { counts }));
}

function normPlan(
  { hidden }: ModelConfig,
  worldSize: number,
  pass: Pass,
  sequenceParallel: boolean,
): LayerPlan {
  const plan = new PlanBuilder(worldSize);
  const shape = [pass.tokens, hidden];
  const whole = { label: 'x', placement: replicated, shape };
  const tokens = shardRanges(pass.tokens, worldSize);
  const x = plan.input('x', sequenceParallel ? cut('x', shape, 0, tokens) : whole);
  plan.stage('norm', sequenceParallel ? 'on a rank’s own tokens' : 'the same on every rank');
  const w = plan.store('weight', 'weight', { label: 'w', placement: replicated, shape: [hidden] });
  const spec = { label: 'rmsNorm', inputs: [x, w], cost: rmsNormFlops };
  const normed = plan.elementwise('rmsNorm', 'normed', spec, 'norm(x)');
  if (!sequenceParallel) return plan.finish(normed);
  plan.stage('all-gather', 'the tokens of all ranks');
  const counts = tokens.map((range) => lengthOf(range) * hidden);
  const gathered = { ...like(normed, 'norm(x)'), placement: replicated, shape };
  return plan.finish(plan.collective('all_gather', 'y', normed, gathered, { counts }));
}

function withOptions(
  block: BlockConfig,
  sequenceParallel: boolean,
  mlaCache: 'naive' | 'absorbed' | undefined,
): BlockConfig {
  const { attention } = block;
  const cached =
    attention.kind === 'mla' && mlaCache !== undefined ? { ...attention, cache: mlaCache } : attention;
  return { ...block, attention: cached, sequenceParallel };
}
