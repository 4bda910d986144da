/** What one rank of a whole model has to do, by the plans of its layers, before it is cut into stages. */

import { type ModelCollective, modelCost } from '../models/modelPlan.ts';
import { lengthOf, shardRange } from '../numerics/ranges.ts';
import { addRowsFlops, linearFlops, siluMulFlops } from '../operations/costs.ts';
import type { MoeConfig } from '../program/configs.ts';
import type { ModelConfig } from '../program/modelConfig.ts';

export interface PaperPass {
  /** decode: one token of each sequence after `context`; prefill: `context` tokens of each; train: the same and backward. */
  readonly mode: 'decode' | 'prefill' | 'train';
  /** Sequences that pass together. */
  readonly sequences: number;
  readonly context: number;
}

/** Of the rank that has the most. */
export interface PaperWork {
  /** Forward. */
  readonly flops: number;
  /** Weights, and in decoding the cache. */
  readonly readBytes: number;
  /** Held. */
  readonly weightBytes: number;
  /** Held for each sequence. */
  readonly kvBytes: number;
  readonly collectives: readonly ModelCollective[];
}

export function paperWork(model: ModelConfig, tensor: number, pass: PaperPass): PaperWork {
  const { mode, sequences, context } = pass;
  const [tokens, past] = mode === 'decode' ? [1, Math.max(0, context - 1)] : [context, 0];
  // One sequence is planned, and the others do the same: only weights are read once for all of them. Its experts are
  // added apart, for a plan of one token gives all choices to the first rank.
  const cost = modelCost(model, tensor, { tokens, past }, { idleExperts: true });
  const rank = cost.ranks.reduce((most, one) => (one.flops > most.flops ? one : most));
  const experts = expertsOf(model, tensor, tokens * sequences);
  // The plan's head is over the last position; a loss is over all of them.
  const lossPositions = mode === 'train' ? tokens - 1 : 0;
  const headFlops = linearFlops(lossPositions, model.hidden, lengthOf(shardRange(model.vocab, tensor, 0)));
  const kvBytes = mode === 'train' ? 0 : rank.kvBytesPerToken * context;
  return {
    flops: (rank.flops + headFlops) * sequences + experts.flops,
    readBytes: rank.weightBytes - experts.idleBytes + (mode === 'decode' ? kvBytes * sequences : 0),
    weightBytes: rank.weightBytes,
    kvBytes,
    collectives: cost.collectives.map((one) => ({ ...one, bytes: one.bytes * sequences })),
  };
}

/**
 * The routed experts of a rank: FLOPs of its share of the choices, and weights that no token chose. Each token chooses k
 * of E experts evenly and independently of the others, so that (1 − k/E)^tokens of them are chosen by none.
 */
function expertsOf(
  { blocks, weightBytes }: ModelConfig,
  tensor: number,
  tokens: number,
): { flops: number; idleBytes: number } {
  let [flops, idleBytes] = [0, 0];
  for (const { count, block } of blocks) {
    if (block.mlp.kind !== 'moe') continue;
    const { hidden, intermediate, experts, topK } = block.mlp;
    const held = lengthOf(shardRange(experts, tensor, 0));
    const elements = 3 * hidden * intermediate; // gate, up and down of one expert
    flops += count * tokens * topK * (held / experts) * tokenFlops(block.mlp);
    idleBytes += count * held * elements * weightBytes * (1 - topK / experts) ** tokens;
  }
  return { flops, idleBytes };
}

/** One token by one expert. */
function tokenFlops({ hidden, intermediate }: MoeConfig): number {
  return 3 * linearFlops(1, hidden, intermediate) + siluMulFlops(intermediate) + addRowsFlops(hidden);
}
