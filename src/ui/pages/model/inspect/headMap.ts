/** The weights of heads as a picture: a row a head, the tokens from left to right. */

import type { Range } from '#numerics/ranges.ts';
import type { Palette } from '#ui/components/canvas.ts';
import type { CellPlace } from '#ui/components/gridKeys.ts';
import type { AttentionHead } from './attentionHeads.ts';

/** Pixels from one row to the next. */
export const ROW = 14;
/** From this width on cells stand apart. */
const GAPPED = 4;
/** Less of an outline could not be seen. */
const LEAST_OUTLINE = 5;
const PALE = 0.25;

interface HeadMapLook {
  readonly width: number;
  /** Tokens. */
  readonly count: number;
  /** The head that the others step back behind; null for none. */
  readonly chosen: number | null;
  readonly palette: Palette;
}

/** Each row is of full strength where its head looks most: one that looks at much looks nowhere much. */
export function paintHeads(
  ctx: CanvasRenderingContext2D,
  heads: readonly AttentionHead[],
  { width, count, chosen, palette }: HeadMapLook,
): void {
  const ratio = ctx.getTransform().a;
  // Where several tokens share a pixel of the screen, it shows the strongest.
  const columns = Math.min(count, Math.max(1, Math.floor(width * ratio)));
  const edge = (column: number): number => Math.round((column * width * ratio) / columns) / ratio;
  const gap = width / columns >= GAPPED ? 1 : 0;
  heads.forEach(({ index, rank, weights }, row) => {
    const most = weights.reduce((a, b) => Math.max(a, b), Number.MIN_VALUE);
    const presence = chosen === null || chosen === index ? 1 : PALE;
    ctx.fillStyle = palette.ranks[rank] ?? palette.neutral;
    for (let column = 0; column < columns; column++) {
      const tokens = tokensUnder(count, { from: column, to: column + 1, of: columns });
      const share = (weights[strongestOf(weights, tokens)] ?? 0) / most;
      ctx.globalAlpha = presence * (0.06 + 0.94 * share); // so that the least is still to be seen
      ctx.fillRect(edge(column), row * ROW, edge(column + 1) - edge(column) - gap, ROW - 1);
    }
  });
  ctx.globalAlpha = 1;
}

/** The cell under a point, which may lie outside; of tokens that share its pixel the strongest. */
export function headCellAt(
  heads: readonly AttentionHead[],
  { width, count }: Pick<HeadMapLook, 'width' | 'count'>,
  { x, y }: { readonly x: number; readonly y: number },
): CellPlace {
  const row = Math.max(0, Math.min(heads.length - 1, Math.floor(y / ROW)));
  // Below a pixel each token cannot be met, and the strongest of a pixel is what is seen.
  const [from, to] = count > width ? [Math.floor(x), Math.floor(x) + 1] : [x, x];
  const tokens = tokensUnder(count, { from, to, of: width });
  return { row, col: strongestOf(heads[row]?.weights ?? new Float32Array(), tokens) };
}

/** Around a cell, and never too thin to be seen; pixels from the top left. */
export function outlineOf(
  { row, col }: CellPlace,
  { width, count }: Pick<HeadMapLook, 'width' | 'count'>,
): { left: number; top: number; width: number; height: number } {
  const cell = width / count;
  const wide = Math.max(LEAST_OUTLINE, cell - (cell >= GAPPED ? 1 : 0));
  const left = cell >= LEAST_OUTLINE ? col * cell : (col + 0.5) * cell - wide / 2;
  return { left: Math.max(0, Math.min(width - wide, left)), top: row * ROW, width: wide, height: ROW - 1 };
}

/** Those with any of themselves between two places of the width, which is `of`; at least one. */
function tokensUnder(
  count: number,
  { from, to, of }: { readonly from: number; readonly to: number; readonly of: number },
): Range {
  const start = Math.max(0, Math.min(count - 1, Math.floor((from * count) / of)));
  return { start, end: Math.max(start + 1, Math.min(count, Math.ceil((to * count) / of))) };
}

function strongestOf(weights: Float32Array, { start, end }: Range): number {
  let strongest = start;
  for (let i = start + 1; i < end; i++) if ((weights[i] ?? 0) > (weights[strongest] ?? 0)) strongest = i;
  return strongest;
}
