/** Paints the cells of a heat map on a canvas. */

import type { Preview } from '#numerics/preview.ts';
import { MARK_SIZE, type Palette, paintMinus, strengthOfValue } from '#ui/components/canvas.ts';
import { type HeatGrid, valueAt } from './heatGrid.ts';

interface HeatColours {
  /** The value of full strength. */
  readonly max: number;
  /** Null for what all ranks hold. */
  readonly rank: number | null;
  readonly palette: Palette;
}

export function paintHeat(
  ctx: CanvasRenderingContext2D,
  grid: HeatGrid,
  preview: Preview,
  { max, rank, palette }: HeatColours,
): void {
  const { rows, cols, cellWidth, cellHeight } = grid;
  const unit = Math.min(cellWidth, cellHeight);
  const gap = Math.min(1.5, Math.max(0.5, unit * 0.1));
  const colour = rank === null ? palette.neutral : (palette.ranks[rank] ?? palette.neutral);
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      const value = valueAt(preview, { row, col });
      const box = {
        x: col * cellWidth,
        y: row * cellHeight,
        width: cellWidth - gap,
        height: cellHeight - gap,
      };
      // −∞ on the padding of a vocabulary is no size that could be compared.
      const strength = Number.isFinite(value) ? strengthOfValue(value, max) : 0;
      ctx.fillStyle = Number.isFinite(value) ? colour : palette.waiting;
      ctx.globalAlpha = Number.isFinite(value) ? 0.12 + (rank === null ? 0.68 : 0.88) * strength : 1;
      ctx.beginPath();
      ctx.roundRect(box.x, box.y, box.width, box.height, Math.min(3, unit * 0.17));
      ctx.fill();
      if (value < 0 && preview.exact && unit >= MARK_SIZE) paintMinus(ctx, box, strength, palette);
    }
  }
  ctx.globalAlpha = 1;
}
