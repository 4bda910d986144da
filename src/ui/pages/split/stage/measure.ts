/** How much room the pieces of the equation need at a scale, and the largest scale that fits. Pixels, pure. */

import { EXACT_CELLS } from '#numerics/preview.ts';
import type { SplitConfig } from '#program/split.ts';
import type { SplitPlan } from '#program/splitPlan.ts';
import { formatShape } from '#ui/format.ts';
import { type Axis, SEAM, seamsOf } from './axis.ts';
import type { EquationPiece, PlatePiece, SignPiece } from './equation.ts';

/** Each sheet of partials lies this far right of and above the one before it, and spreads further by `fan`. */
export interface Sheet {
  readonly dx: number;
  readonly dy: number;
  readonly fan: number;
}

/** Around it all, for outlines that stand out. */
export const EDGE = 5;
/** Pixels of a word in the picture, if nobody asks for larger ones. */
export const LABEL = 11;
/** Beside a label, between it and its matrix. */
const BESIDE = 7;
/** A sheet's dashed edge lies outside of its cells. */
const SHEET_EDGE = 6;
const MIN_BOX = 76;
const MAX_PLATE = 320;
/** All lines together, on a wide screen. */
const MAX_PLATES = 600;
const WIDE = 700;
const MIN_UNIT = 5;
const MAX_UNIT = 48;

/** Between the lines of two ranks, which join what they have of H to what they have of B. */
export const JOIN_STEP = 4;

export interface Scale {
  readonly unit: number;
  readonly pixels: (length: number) => number;
}

export interface Context {
  readonly plan: SplitPlan;
  readonly sheet: Sheet;
  /** Pixels of a word. */
  readonly label: number;
}

/** Of a character in the monospaced font. */
export function charWidth(label: number): number {
  return 0.6 * label;
}

/** From one chunk's label beside Y to the next. */
export function chunkPitch(label: number): number {
  return Math.max(15, 1.1 * label);
}

/** Beside Y: the chunk's name, and a badge for each rank that has it. */
function chunkRoom(ranks: number, label: number): number {
  const badge = Math.max(15, charWidth(label) + 6);
  return 36 + 4 * charWidth(label - LABEL) + badge * ranks;
}

export function isSmall({ m, k, n }: SplitConfig): boolean {
  return Math.max(m, k, n) <= EXACT_CELLS;
}

/** Cells never become smaller: the stage scrolls instead. */
export function leastUnit(config: SplitConfig): number {
  return isSmall(config) ? MIN_UNIT : 1e-4;
}

/** A few rows beside thousands would be a hairline: such a side is drawn longer, and the page says so. */
function leastPixels(length: number): number {
  return Math.min(72, Math.max(12, 6 * length));
}

export function scaleOf(config: SplitConfig, unit: number): Scale {
  if (isSmall(config)) return { unit, pixels: (length) => length * unit };
  return { unit, pixels: (length) => Math.max(length * unit, leastPixels(length)) };
}

/** Breaks before every sign that breaks as readily as `breaks` or more. */
export function linesOf(pieces: readonly EquationPiece[], breaks: number): EquationPiece[][] {
  const lines: EquationPiece[][] = [[]];
  for (const piece of pieces) {
    if (piece.type === 'sign' && piece.breaks <= breaks) lines.push([]);
    lines.at(-1)?.push(piece);
  }
  return lines;
}

export function largestUnit(lines: readonly EquationPiece[][], context: Context, width: number): number {
  const { config } = context.plan;
  const small = isSmall(config);
  const fits = (unit: number): boolean => {
    const scale = scaleOf(config, unit);
    const heights = lines.map((line) => tallest(line, scale));
    const total = heights.reduce((sum, height) => sum + height, 0);
    return (
      Math.max(...heights) <= MAX_PLATE &&
      (width < WIDE || total <= MAX_PLATES) &&
      lines.every((line) => lineWidth(line, scale, context) + 2 * EDGE <= width)
    );
  };
  let low = leastUnit(config);
  let high = small ? MAX_UNIT : MAX_UNIT / 2;
  if (!fits(low)) return 0;
  for (let i = 0; i < 24; i++) {
    const middle = small ? (low + high) / 2 : Math.sqrt(low * high);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

function tallest(line: readonly EquationPiece[], scale: Scale): number {
  return Math.max(0, ...line.map((piece) => (piece.type === 'sign' ? 0 : scale.pixels(piece.rows.length))));
}

export function signWidth({ text }: SignPiece): number {
  return text.startsWith('Σ') ? 84 : 26 + text.length * 9;
}

/** Above H, for as many lines. */
export function joinRoom(ranks: number): number {
  return JOIN_STEP * ranks + 4;
}

/** Behind a sign, for the lines that come down there. */
export function signRoom({ joins }: SignPiece, { plan }: Context): number {
  return joins ? JOIN_STEP * plan.config.worldSize : 0;
}

/** Room at the left and right of a matrix, and the least width of the whole. */
export function padding(piece: PlatePiece, { plan, sheet, label }: Context): { left: number; right: number } {
  const ranks = plan.config.worldSize;
  const side = BESIDE + label;
  const left = (piece.rows.ranges === null ? 0 : side) + (piece.stored ? side : 0);
  if (piece.kind === 'partials')
    return { left: left + SHEET_EDGE, right: (ranks - 1) * (sheet.dx + sheet.fan) + SHEET_EDGE };
  return { left, right: piece.kind === 'output' ? chunkRoom(ranks, label) : 0 };
}

/** The name and the shape above a matrix, which may be wider than it; letters are taken for equally wide. */
function labelWidth({ name, kind, rows, cols }: PlatePiece, { label }: Context): number {
  const title = kind === 'partials' ? Math.max(60, 4.4 * label) : 14 * name.length;
  return Math.max(MIN_BOX, title + shapeWidth(rows.length, cols.length, label));
}

function shapeWidth(rows: number, cols: number, label: number): number {
  return 12 + charWidth(label) * formatShape(rows, cols).length;
}

/** Where the labels of the chunks begin: beside Y, and beside its name where they are higher than Y. */
export function chunksLeft(
  { name, rows, cols }: { readonly name: string; readonly rows: Axis; readonly cols: Axis },
  ranks: number,
  label: number,
): number {
  const beside = cols.extent + 8;
  if (ranks * chunkPitch(label) <= rows.extent) return beside;
  return Math.max(beside, 14 * name.length + shapeWidth(rows.length, cols.length, label) + 8);
}

function plateWidth(piece: PlatePiece, scale: Scale): number {
  return scale.pixels(piece.cols.length) + SEAM * seamsOf(piece.cols.ranges);
}

export function boxWidth(piece: PlatePiece, scale: Scale, context: Context): number {
  const { left, right } = padding(piece, context);
  const plate = plateWidth(piece, scale);
  const words = labelWidth(piece, context);
  const { label, plan } = context;
  const isHigher =
    piece.kind === 'output' && plan.config.worldSize * chunkPitch(label) > scale.pixels(piece.rows.length);
  return left + (isHigher ? Math.max(words, plate) + right : Math.max(words, plate + right));
}

export function lineWidth(line: readonly EquationPiece[], scale: Scale, context: Context): number {
  return line.reduce(
    (sum, piece) =>
      sum +
      (piece.type === 'sign' ? signWidth(piece) + signRoom(piece, context) : boxWidth(piece, scale, context)),
    0,
  );
}
