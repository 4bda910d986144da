/** Boxes of their own width in lines of a given one, as words in a centred paragraph. */

import type { Box } from './layoutTypes.ts';

const GAP = 6;

export function placeItems<T extends { readonly width: number; readonly height: number }>(
  items: readonly T[],
  place: Omit<Box, 'height'>,
): (T & Box)[] {
  const lines: T[][] = [];
  let left = 0;
  for (const item of items) {
    if (lines.length === 0 || item.width + GAP > left) {
      lines.push([]);
      left = place.width + GAP;
    }
    lines.at(-1)?.push(item);
    left -= item.width + GAP;
  }
  const placed: (T & Box)[] = [];
  let y = place.y;
  for (const line of lines) {
    const width = line.reduce((sum, item) => sum + item.width + GAP, -GAP);
    const height = Math.max(...line.map((item) => item.height));
    let x = place.x + (place.width - width) / 2;
    for (const item of line) {
      placed.push({ ...item, x, y: y + (height - item.height) / 2 });
      x += item.width + GAP;
    }
    y += height + GAP;
  }
  return placed;
}
