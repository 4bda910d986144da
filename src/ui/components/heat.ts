/** How values look as cells of a heat map, wherever the page draws one: the colour is the rank's, its strength the size. */

import type { Palette } from './usePalette.ts';

/** Cells smaller than this have no room for a minus sign. */
export const MARK_SIZE = 5;

/** From 0 to 1. Most values are far from the largest: the root keeps them apart from nothing. */
export function strengthOfValue(value: number, max: number): number {
  return max === 0 ? 0 : Math.min(1, (Math.abs(value) / max) ** 0.7);
}

/** Below zero: a minus sign, cut out of a strong cell and drawn on a pale one. */
export function paintMinus(
  ctx: CanvasRenderingContext2D,
  cell: { x: number; y: number; width: number; height: number },
  strength: number,
  palette: Palette,
): void {
  const side = Math.min(cell.width, cell.height);
  const length = Math.max(2, side * 0.36);
  const weight = Math.max(1, side * 0.085);
  ctx.globalAlpha = strength > 0.35 ? 0.9 : 0.55;
  if (strength > 0.35) ctx.fillStyle = palette.panel;
  ctx.fillRect(cell.x + (cell.width - length) / 2, cell.y + (cell.height - weight) / 2, length, weight);
}
