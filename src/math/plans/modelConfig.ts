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
  readonly blocks: readonly { readonly count: number; readonly block: BlockConfig }[];
  /** The head is the embedding's table, and is held once. */
  readonly tiedEmbeddings: boolean;
  readonly normEpsilon: number;
  /** The longest context that it was made for. */
  readonly maxPositions: number;
  /** Of a weight, as published: 2 for bfloat16, 1 for fp8. */
  readonly weightBytes: number;
}
