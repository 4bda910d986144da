/** What a language model is made of, whatever its configuration file calls it. */

import type { BlockConfig } from './configs.ts';

export interface ModelConfig {
  /** "Llama-3.2-1B" */
  readonly name: string;
  /** `architectures[0]` of its config.json: "LlamaForCausalLM". */
  readonly architecture: string;
  readonly vocab: number;
  readonly hidden: number;
  /** Runs of equal blocks, from the first layer to the last: DeepSeek-V3 has 3 dense and 58 with experts. */
  readonly blocks: readonly BlockRun[];
  /** The head is the embedding's table, and is held once. */
  readonly tiedEmbeddings: boolean;
  readonly normEpsilon: number;
  /** The longest context that it was made for. */
  readonly maxPositions: number;
  /** Of a weight, as published: 2 for bfloat16, 1 for fp8. Of one before it was quantised, where nobody knows more. */
  readonly weightBytes: number;
  /** Null where the weights are not quantised. */
  readonly quantization: Quantization | null;
  /** DeepSeek-V3.2's, in every layer; null in all others. */
  readonly indexer: IndexerConfig | null;
}

export interface BlockRun {
  readonly count: number;
  readonly block: BlockConfig;
}

export interface Quantization {
  /** "fp8", "awq". */
  readonly method: string;
  /** Of a quantised weight; null where the method is not known here. */
  readonly weightBytes: number | null;
  /** How much of a stored weight `[out, in]` shares a scale, where codebases ask shards to be whole blocks of it. */
  readonly block: { readonly rows: number; readonly cols: number } | null;
}

/** What chooses the tokens that a query of DeepSeek-V3.2 attends to. */
export interface IndexerConfig {
  readonly heads: number;
  readonly headDim: number;
  /** Tokens that it chooses. */
  readonly topK: number;
}

/** Each kind of block once, with how often the model has it: where dense and sparse layers alternate, two. */
export function kindsOfBlock({ blocks }: ModelConfig): BlockRun[] {
  const kinds = new Map<string, BlockRun>();
  for (const { count, block } of blocks) {
    const key = JSON.stringify(block);
    kinds.set(key, { count: count + (kinds.get(key)?.count ?? 0), block });
  }
  return [...kinds.values()];
}

/** Likewise, the kind that the model has most of first. */
export function blocksByCount(model: ModelConfig): BlockConfig[] {
  return kindsOfBlock(model)
    .sort((a, b) => b.count - a.count)
    .map(({ block }) => block);
}
