/** What the boxes of the picture measure, in pixels. */

import { LINE, type Line, widthOf } from './text.ts';

/** Of the tensor with most elements, and of one with so few that its words set its height. */
export const TALLEST = 64;
export const LOWEST = 36;
/** Around the words, both sides together. */
export const TENSOR_PAD = { x: 12, y: 6 };
export const PILL_PAD = { x: 10, y: 7 };
/** With the sign that says how it is cut. */
export const WEIGHT_PAD = { x: 32, y: 5 };
export const BAND_PAD = { x: 28, y: 16 };
/** The ring inside of a band. */
export const RING = 30;
export const GAP = 8;
export const ROW_GAP = 12;

/** A box as wide as its words, and no wider than `most`. */
export function aroundWords(lines: readonly Line[], pad: { x: number; y: number }, most: number) {
  return { width: Math.min(most, widthOf(lines) + pad.x), height: lines.length * LINE + pad.y };
}
