/** The equation that the stage draws, as data: which matrices stand in it, cut how, and where a line may break. */

import type { Range } from '#numerics/ranges.ts';
import type { PlannedProduct, SplitPlan } from '#program/splitPlan.ts';

/**
 * input: X. weight: W. product: what the ranks computed, whole or one shard a rank. partials: one full-size sheet a
 * rank, to be summed. output: Y after a collective.
 */
export type PlateKind = 'input' | 'weight' | 'product' | 'partials' | 'output';

/** One side of a matrix: its true length and, where ranks share it, each rank's range. */
export interface Side {
  readonly length: number;
  readonly ranges: readonly Range[] | null;
}

export interface PlatePiece {
  readonly type: 'plate';
  readonly kind: PlateKind;
  readonly product: number;
  readonly name: string;
  readonly rows: Side;
  readonly cols: Side;
  /** The ranks' previews hold the transpose of what is drawn. */
  readonly turned: boolean;
  /** Drawn as stored, `[out, in]`: the sides are called dim 0 and dim 1. */
  readonly stored: boolean;
  /** Lines of the ranks lead from it to the next weight. */
  readonly joins: boolean;
}

export interface SignPiece {
  readonly type: 'sign';
  readonly text: string;
  /** It stands between what lines of the ranks join. */
  readonly joins: boolean;
  /** How readily a line breaks before it: 1 is the first to break. */
  readonly breaks: number;
}

export type EquationPiece = PlatePiece | SignPiece;

/** X · W = Y with whatever stands between, or X · A → H · B → Y: in a pair H is drawn once, since it does not move. */
export function equationOf(plan: SplitPlan, stored: boolean): EquationPiece[] {
  const { products, collective, config } = plan;
  const several = config.worldSize > 1;
  const chain = products.length > 1;
  const joins = chain && several && !stored;
  const pieces: EquationPiece[] = [];
  for (const [index, product] of products.entries()) {
    const isLast = index === products.length - 1;
    if (index === 0) pieces.push(input(product));
    pieces.push(
      { ...sign('·', 4), joins: joins && index > 0 },
      weight(product, index, stored),
      sign(chain ? '→' : '=', chain && !isLast ? 2 : 1),
    );
    if (product.partial && several) {
      pieces.push(result('partials', product, index), sign('Σ →', 3), result('output', product, index));
    } else {
      pieces.push({ ...result('product', product, index), joins: joins && !isLast });
      if (isLast && several && collective !== null) {
        pieces.push(sign('gather →', 3), result('output', product, index));
      }
    }
  }
  return pieces;
}

function sign(text: string, breaks: number): SignPiece {
  return { type: 'sign', text, breaks, joins: false };
}

function input(product: PlannedProduct): PlatePiece {
  return {
    type: 'plate',
    kind: 'input',
    product: 0,
    name: product.names.x,
    rows: { length: product.rows, ranges: null },
    cols: insOf(product),
    turned: false,
    stored: false,
    joins: false,
  };
}

function weight(product: PlannedProduct, index: number, stored: boolean): PlatePiece {
  const ins = insOf(product);
  const outs = outsOf(product);
  const sides = stored ? { rows: outs, cols: ins } : { rows: ins, cols: outs };
  return {
    type: 'plate',
    kind: 'weight',
    product: index,
    name: product.names.w,
    ...sides,
    turned: !stored,
    stored,
    joins: false,
  };
}

function result(kind: 'product' | 'partials' | 'output', product: PlannedProduct, index: number): PlatePiece {
  const rows = { length: product.rows, ranges: null };
  const cols = kind === 'product' ? outsOf(product) : { length: product.outFeatures, ranges: null };
  return {
    type: 'plate',
    kind,
    product: index,
    name: product.names.y,
    rows,
    cols,
    turned: false,
    stored: false,
    joins: false,
  };
}

function insOf({ layer, inFeatures, shards }: PlannedProduct): Side {
  return { length: inFeatures, ranges: layer === 'row' ? shards.map(({ w }) => w.cols) : null };
}

function outsOf({ layer, outFeatures, shards }: PlannedProduct): Side {
  return { length: outFeatures, ranges: layer === 'column' ? shards.map(({ w }) => w.rows) : null };
}
