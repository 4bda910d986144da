/** Which collectives there are, and what they reduce by. */

/** Those that move data, and so can be measured; in the order of tables. */
export const COLLECTIVES = ['all_reduce', 'reduce_scatter', 'all_gather', 'broadcast', 'all_to_all'] as const;

export type CollectiveOp = (typeof COLLECTIVES)[number];

/** A barrier moves nothing: ranks wait until all have come. */
export type CollectiveKind = CollectiveOp | 'barrier';

/** Those that layers are made of: a sum, and its two halves. */
export type LayerCollective = Extract<CollectiveKind, 'all_reduce' | 'reduce_scatter' | 'all_gather'>;

/** Whether an operation, of a benchmark say, is a collective that moves data. */
export function isCollective(op: string): op is CollectiveOp {
  return COLLECTIVES.some((collective) => collective === op);
}

export const REDUCE_OPS = ['sum', 'product', 'min', 'max', 'avg'] as const;
export type ReduceOp = (typeof REDUCE_OPS)[number];
