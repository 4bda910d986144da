/**
 * The indexer of DeepSeek-V3.2: in each layer it scores every token in the cache for a query, and attention is over the
 * best. It is not cut: every rank has its weights and its cache, and comes to the same choice, with no collective. What
 * it computes has no plan.
 */

import type { ModelConfig } from '../../program/modelConfig.ts';

export interface IndexerCost {
  readonly weightElements: number;
  /** One key a token and layer in float8, with a float32 scale for each 128 numbers. */
  readonly kvBytesPerToken: number;
}

const SCALE_BYTES = 4;
const SCALED_TOGETHER = 128;

/** On every rank; nothing where the model has no indexer. As DeepSeek-V3.2-Exp's inference/model.py has it. */
export function indexerCost({ indexer, blocks }: ModelConfig): IndexerCost {
  let [weightElements, kvBytesPerToken] = [0, 0];
  for (const { count, block } of blocks) {
    const { attention } = block;
    if (indexer === null || attention.kind !== 'mla') continue;
    const { heads, headDim } = indexer;
    const queries = heads * headDim * attention.qLoraRank;
    const key = headDim * attention.hidden + 2 * headDim; // and the weight and bias of its LayerNorm
    weightElements += count * (queries + key + heads * attention.hidden);
    kvBytesPerToken += count * (headDim + SCALE_BYTES * Math.ceil(headDim / SCALED_TOGETHER));
  }
  return { weightElements, kvBytesPerToken };
}
