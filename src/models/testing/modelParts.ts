/**
 * The layers of a whole language model, planned: each kind once, with how often it stands there. Nothing here grows with
 * the number of layers, so that 671 billion weights are planned as quickly as one layer.
 */

import { gathered, reduced, tokensCut } from '../../program/block.ts';
import type { BlockConfig, Pass } from '../../program/configs.ts';
import { kindsOfBlock, type ModelConfig } from '../../program/modelConfig.ts';
import { rmsNorm } from '../../program/norm.ts';
import { programBuilder } from '../../program/ProgramBuilder.ts';
import type { LayerPlan } from '../../program/plan.ts';
import { planLayer, planOf } from '../../program/planOf.ts';
import { embeddingPartial } from '../../program/vocabulary.ts';

/** How a model is planned, beside what it is. */
export interface PartOptions {
  /** reduceScatter and allGather in place of allReduce, from the embedding to the last norm. */
  readonly sequenceParallel?: boolean;
  /** What multi-head latent attention caches, where the model has any; as configured where left out. */
  readonly mlaCache?: 'naive' | 'absorbed';
  /** No token has chosen an expert; else the choices are spread evenly. */
  readonly idleExperts?: boolean;
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
      const idle = options.idleExperts && block.mlp.kind === 'moe';
      const routing = idle ? Array.from({ length: block.mlp.experts }, () => 0) : undefined;
      const plan = planLayer({ layer: 'block', config }, worldSize, pass, routing);
      return { name: 'block', count, plan };
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
  const b = programBuilder(worldSize, pass.tokens);
  const partial = embeddingPartial(b, b.input('ids', [pass.tokens]), { vocab, hidden });
  return planOf(b.finish(reduced(b, 'y', partial, tokensCut(b, sequenceParallel))), { position: 0 });
}

function normPlan(
  { hidden, normEpsilon }: ModelConfig,
  worldSize: number,
  pass: Pass,
  sequenceParallel: boolean,
): LayerPlan {
  const b = programBuilder(worldSize, pass.tokens);
  const by = tokensCut(b, sequenceParallel);
  const x = b.input('x', [pass.tokens, hidden], by && { dim: 0, by });
  b.stage('norm', sequenceParallel ? 'on a rank’s own tokens' : 'the same on every rank');
  const normed = rmsNorm(b, 'normed', x, { name: 'norm', width: hidden, epsilon: normEpsilon });
  return planOf(b.finish(gathered(b, 'y', normed)), { position: 0 });
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
