/** What a whole language model costs on p ranks: its layers' plans, each kind times its count, added up. */

import type { CollectiveKind } from '../../collectives/kinds.ts';
import { ringSends } from '../../collectives/work.ts';
import type { Pass } from '../../program/configs.ts';
import type { ModelConfig } from '../../program/modelConfig.ts';
import {
  costOf,
  elementsOf,
  type LayerPlan,
  type PlannedCollective,
  type Storage,
  stepsOf,
} from '../../program/plan.ts';
import { indexerCost } from './indexer.ts';
import { type ModelPart, modelParts, type PartOptions } from './modelParts.ts';

export interface ModelOptions extends PartOptions {
  /** Bytes of a weight; as published where left out. One number for all: norms and gates are often kept wider. */
  readonly weightBytes?: number;
  /** Bytes of a number in the KV cache, but for an indexer's. Default 2: bfloat16. */
  readonly kvBytes?: number;
  /** Bytes of a number in a collective. Default 2: bfloat16. */
  readonly activationBytes?: number;
}

/** What one rank holds, computes and sends. */
export interface ModelRankCost {
  /** Learned ones alone: no tables of RoPE. */
  readonly weightElements: number;
  readonly weightBytes: number;
  /** What one more token adds to the KV cache, and to that of an indexer. */
  readonly kvBytesPerToken: number;
  /** Without an indexer's. */
  readonly flops: number;
  /** What it sends in a ring during the pass. */
  readonly wireBytes: number;
  /** Likewise, during a pass of one token. */
  readonly wireBytesPerDecode: number;
}

/** Collectives of one kind over equally long buffers. */
export interface ModelCollective {
  readonly kind: CollectiveKind;
  readonly count: number;
  /** Of one whole buffer. */
  readonly bytes: number;
}

export interface ModelCost {
  readonly ranks: readonly ModelRankCost[];
  /** In the order in which the first of each appears. */
  readonly collectives: readonly ModelCollective[];
}

/** What a pass costs on each rank, predicted. */
export function modelCost(
  model: ModelConfig,
  worldSize: number,
  pass: Pass,
  options: ModelOptions = {},
): ModelCost {
  const { weightBytes = model.weightBytes, kvBytes = 2, activationBytes = 2 } = options;
  const parts = modelParts(model, worldSize, pass, options);
  const indexer = indexerCost(model);
  const decode = modelParts(model, worldSize, { tokens: 1, past: 0 }, options);
  const rankCost = (_: unknown, rank: number): ModelRankCost => {
    const sum = (of: (part: ModelPart) => number): number =>
      parts.reduce((total, part) => total + part.count * of(part), 0);
    const planned = sum(({ name, plan }) =>
      name === 'head' && model.tiedEmbeddings ? 0 : storedElements(plan, 'weight', rank),
    );
    const weightElements = planned + indexer.weightElements;
    const cached = kvBytes * sum(({ plan }) => storedElements(plan, 'cache', rank));
    return {
      weightElements,
      weightBytes: weightElements * weightBytes,
      kvBytesPerToken: cached / (pass.past + pass.tokens) + indexer.kvBytesPerToken,
      flops: sum(({ plan }) => costOf(plan, rank).flops),
      wireBytes: activationBytes * wireElements(parts, rank),
      wireBytesPerDecode: activationBytes * wireElements(decode, rank),
    };
  };
  return {
    ranks: Array.from({ length: worldSize }, rankCost),
    collectives: collectivesOf(parts, activationBytes),
  };
}

function storedElements(plan: LayerPlan, storage: Storage, rank: number): number {
  return plan.storage
    .filter((stored) => stored.storage === storage)
    .reduce((sum, { shapes }) => sum + elementsOf(shapes[rank] ?? []), 0);
}

function collectivesIn(plan: LayerPlan): PlannedCollective[] {
  return stepsOf(plan).filter((step) => step.kind === 'collective');
}

/** Elements that `rank` sends in a ring. */
function wireElements(parts: readonly ModelPart[], rank: number): number {
  return parts.reduce((total, { count, plan }) => {
    const sent = collectivesIn(plan).reduce((sum, collective) => sum + ringSends(collective, rank), 0);
    return total + count * sent;
  }, 0);
}

function collectivesOf(parts: readonly ModelPart[], activationBytes: number): ModelCollective[] {
  const found = new Map<string, ModelCollective>();
  for (const { count, plan } of parts) {
    for (const { collective: kind, length } of collectivesIn(plan)) {
      const key = `${kind} ${length}`;
      const before = found.get(key)?.count ?? 0;
      found.set(key, { kind, count: before + count, bytes: length * activationBytes });
    }
  }
  return [...found.values()];
}
