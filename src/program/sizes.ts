/** The sizes of a model that tensor parallelism cuts, each once. */

import { sharedExperts } from './experts.ts';
import { kindsOfBlock, type ModelConfig } from './modelConfig.ts';

/** A number of columns, or of anything else that is cut. */
export interface CutSize {
  /** In the plural: "MLP columns". */
  readonly what: string;
  readonly size: number;
}

/** A side of one of attention's weights `[out, in]`: the outputs of a column split or the inputs of a row split. */
export interface Projection extends CutSize {
  readonly side: 'out' | 'in';
  /** Of which a rank has at least so much: one key head, where they are copied. */
  readonly least: number;
}

export interface ModelSizes {
  readonly heads: number;
  /** As many as `heads` in latent attention. */
  readonly kvHeads: number;
  /** Of attention. */
  readonly projections: readonly Projection[];
  /** Of the MLPs and shared experts, which every codebase cuts: outputs of gate and up, inputs of down. */
  readonly mlps: readonly CutSize[];
  /** Columns of one expert: here experts are dealt out whole, elsewhere each may be cut. Null without experts. */
  readonly expertColumns: CutSize | null;
  /** Null without experts. */
  readonly experts: number | null;
  readonly vocab: number;
}

export function sizesOf(model: ModelConfig): ModelSizes {
  const kinds = kindsOfBlock(model).map(({ block }) => block.mlp);
  const dense = kinds.find((kind) => kind.kind === 'mlp');
  const moe = kinds.find((kind) => kind.kind === 'moe');
  const shared = moe === undefined ? 0 : sharedExperts(moe).intermediate;
  return {
    ...attentionSizes(model.blocks[0]?.block.attention),
    mlps: [
      ...(dense === undefined ? [] : [{ what: 'MLP columns', size: dense.intermediate }]),
      ...(shared === 0 ? [] : [{ what: 'columns of the shared experts', size: shared }]),
    ],
    expertColumns: moe === undefined ? null : { what: 'columns of each expert', size: moe.intermediate },
    experts: moe?.experts ?? null,
    vocab: model.vocab,
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
        { what: 'query columns', size: heads * headDim, side: 'out', least: 0 },
        { what: 'key columns', size: kvHeads * headDim, side: 'out', least: headDim },
        { what: 'columns of the heads’ outputs', size: heads * headDim, side: 'in', least: 0 },
      ],
    };
  }
  const { nopeDim, ropeDim, valueDim } = attention;
  return {
    heads,
    kvHeads: heads,
    projections: [
      { what: 'query columns', size: heads * (nopeDim + ropeDim), side: 'out', least: 0 },
      { what: 'key and value columns', size: heads * (nopeDim + valueDim), side: 'out', least: 0 },
      { what: 'value columns', size: heads * valueDim, side: 'in', least: 0 },
    ],
  };
}

/** A sentence where a size does not divide, without a full stop; else nothing. */
export function uneven({ what, size }: CutSize, p: number): string[] {
  return size % p === 0 ? [] : [`${grouped(size)} ${what} do not divide by ${p}`];
}

/** "28,672" */
export function grouped(count: number): string {
  return count.toLocaleString('en');
}
