/**
 * Cells on a canvas. The largest stage has some 20,000 of them, which as elements of a document would take longer
 * to lay out than the ranks take to compute; outlines, names and focus lie above in the document.
 */

import { MARK_SIZE, type Palette, paintMinus, strengthOfValue } from '#ui/components/canvas.ts';
import { formatFloat } from '#ui/format.ts';
import type { CellLook, Looks } from './cells.ts';
import type { Plate } from './layout.ts';

/** From this size on a cell shows its number, and its colour steps back. */
const NUMBER_SIZE = 40;
const ROUNDED_SIZE = 7;

export function paintPlate(
  ctx: CanvasRenderingContext2D,
  plate: Plate,
  looks: Looks,
  palette: Palette,
): void {
  const unit = Math.min(...[...plate.rows.slots, ...plate.cols.slots].map(({ size }) => size));
  const gap = Math.min(1.5, Math.max(0.5, unit * 0.1));
  const { hidden } = plate;
  const numbers = unit >= NUMBER_SIZE;
  ctx.font = `500 11.5px ${palette.mono}`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  for (const row of plate.rows.slots) {
    for (const col of plate.cols.slots) {
      if (hidden !== null && row.at > hidden.top && col.at + col.size < hidden.right) continue;
      const look = looks.at(row, col);
      const [x, y, width, height] = [col.at, row.at, col.size - gap, row.size - gap];
      const strength = strengthOf(look, looks.max);
      ctx.fillStyle = colourOf(look, palette);
      ctx.globalAlpha = alphaOf(look, strength, numbers);
      if (unit < ROUNDED_SIZE) ctx.fillRect(x, y, width, height);
      else {
        ctx.beginPath();
        ctx.roundRect(x, y, width, height, Math.min(4, unit * 0.17));
        ctx.fill();
      }
      if (look.state !== 'value') continue;
      if (numbers) {
        ctx.globalAlpha = 1;
        ctx.fillStyle = palette.ink;
        ctx.fillText(formatFloat(look.value, 3), x + width / 2, y + height / 2 + 0.5);
      } else if (look.value < 0 && unit >= MARK_SIZE) {
        paintMinus(ctx, { x, y, width, height }, strength, palette);
      }
    }
  }
  ctx.globalAlpha = 1;
}

function alphaOf(look: CellLook, strength: number, numbers: boolean): number {
  if (look.state === 'waiting') return 1;
  if (numbers) return 0.1 + 0.36 * strength;
  // Grey has more weight for the eye than a colour of the same strength.
  return look.rank === null ? 0.14 + 0.66 * strength : 0.16 + 0.84 * strength;
}

function strengthOf(look: CellLook, max: number): number {
  switch (look.state) {
    case 'waiting':
      return 0;
    case 'flat':
      return 0.12 + 0.5 * look.share;
    case 'value':
      return strengthOfValue(look.value, max);
    default:
      return look satisfies never;
  }
}

function colourOf(look: CellLook, palette: Palette): string {
  if (look.state === 'waiting') return palette.waiting;
  return look.rank === null ? palette.neutral : (palette.ranks[look.rank] ?? palette.neutral);
}
