/** The sizes of a model that tensor parallelism cuts, each once. */

import type { ModelConfig } from './modelConfig.ts';
import { sharedExperts } from './moe.ts';

/** A number of columns, or of anything else that is cut. */
export interface CutSize {
  /** In the plural: "MLP columns". */
  readonly what: string;
  readonly size: number;
}

export interface ModelSizes {
  readonly heads: number;
  /** As many as `heads` in latent attention. */
  readonly kvHeads: number;
  /** Outputs of the column splits of attention. */
  readonly projections: readonly CutSize[];
  /** Of the MLPs and shared experts, which every codebase cuts. */
  readonly mlps: readonly CutSize[];
  /** Columns of one expert: here experts are dealt out whole, elsewhere each may be cut. Null without experts. */
  readonly expertColumns: CutSize | null;
  /** Null without experts. */
  readonly experts: number | null;
  readonly vocab: number;
}

export function sizesOf({ blocks, vocab }: ModelConfig): ModelSizes {
  const first = blocks[0]?.block.attention;
  const kinds = blocks.map(({ block }) => block.mlp);
  const dense = kinds.find((kind) => kind.kind === 'mlp');
  const moe = kinds.find((kind) => kind.kind === 'moe');
  const shared = moe === undefined ? 0 : sharedExperts(moe).intermediate;
  return {
    ...attentionSizes(first),
    mlps: [
      ...(dense === undefined ? [] : [{ what: 'MLP columns', size: dense.intermediate }]),
      ...(shared === 0 ? [] : [{ what: 'columns of the shared experts', size: shared }]),
    ],
    expertColumns: moe === undefined ? null : { what: 'columns of each expert', size: moe.intermediate },
    experts: moe?.experts ?? null,
    vocab,
  };
}

function attentionSizes(
  attention: ModelConfig['blocks'][number]['block']['attention'] | undefined,
): Pick<ModelSizes, 'heads' | 'kvHeads' | 'projections'> {
  if (attention === undefined) throw new Error('a model has a block');
  const { heads } = attention;
  if (attention.kind === 'attention') {
    const { kvHeads, headDim } = attention;
    return {
      heads,
      kvHeads,
      projections: [
        { what: 'query columns', size: heads * headDim },
        { what: 'key columns', size: kvHeads * headDim },
      ],
    };
  }
  const { nopeDim, ropeDim, valueDim } = attention;
  return {
    heads,
    kvHeads: heads,
    projections: [
      { what: 'query columns', size: heads * (nopeDim + ropeDim) },
      { what: 'key and value columns', size: heads * (nopeDim + valueDim) },
    ],
  };
}
