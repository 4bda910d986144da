/** Where every matrix of the equation stands, to proportion, in the width that there is. Pixels, pure. */

import type { SplitPlan } from '#program/splitPlan.ts';
import { type Axis, axisOf, SEAM, seamsOf } from './axis.ts';
import { type EquationPiece, equationOf, type PlateKind, type PlatePiece } from './equation.ts';
import {
  boxWidth,
  type Context,
  charWidth,
  chunkPitch,
  EDGE,
  isSmall,
  joinRoom,
  LABEL,
  largestUnit,
  leastUnit,
  linesOf,
  lineWidth,
  padding,
  type Scale,
  type Sheet,
  scaleOf,
  signRoom,
  signWidth,
} from './measure.ts';

export interface Plate {
  readonly id: string;
  readonly kind: Exclude<PlateKind, 'partials'> | 'partial';
  readonly product: number;
  readonly name: string;
  /** The rank that all of it belongs to, where one does. */
  readonly rank: number | null;
  readonly left: number;
  readonly top: number;
  readonly rows: Axis;
  readonly cols: Axis;
  readonly turned: boolean;
  readonly stored: boolean;
  /** Pixels by which its name stands higher than above others. */
  readonly raised: number;
  /** The corner of a sheet that the one in front of it hides: all left of `right` and below `top`. */
  readonly hidden: { readonly right: number; readonly top: number } | null;
}

export interface Sign {
  readonly text: string;
  readonly left: number;
  readonly width: number;
  /** Of its middle. */
  readonly top: number;
}

export interface StageLayout {
  readonly width: number;
  readonly height: number;
  readonly plates: readonly Plate[];
  readonly signs: readonly Sign[];
  /** Pixels a matrix element is wide and high, where it is drawn to scale. */
  readonly unit: number;
  readonly sheet: Sheet;
  /** Pixels of a word. */
  readonly label: number;
  /** Sides that are drawn longer than to scale, and how many times. */
  readonly enlarged: readonly { readonly side: 'M' | 'K' | 'N'; readonly times: number }[];
}

/** Room above a matrix for its name, and for the ranks of its columns as far as they are higher than a label. */
const NAME = 26;
const TOP_LABELS = 6;
/** Room below for a caption; below a stack there is the number of the first sheet's rank, too. */
const CAPTION = 24;
const LINE_GAP = 8;
/** A line is not broken for cells larger than this. */
const GOOD_UNIT = 9;

/** @param label pixels of a word in it */
export function layoutOf(plan: SplitPlan, stored: boolean, width: number, label = LABEL): StageLayout {
  const context = contextOf(plan, label);
  const pieces = equationOf(plan, stored);
  const optionOf = (breaks: number): { lines: EquationPiece[][]; unit: number } => {
    const lines = linesOf(pieces, breaks);
    return { lines, unit: largestUnit(lines, context, width) };
  };
  const options = [0, 1, 2, 3].map(optionOf);
  const best = Math.max(...options.map(({ unit }) => unit));
  const enough = isSmall(plan.config) ? Math.min(GOOD_UNIT, best) : 0.8 * best;
  const least = leastUnit(plan.config);
  const isWithin = ({ lines }: { lines: EquationPiece[][] }): boolean =>
    lines.every((line) => lineWidth(line, scaleOf(plan.config, least), context) + 2 * EDGE <= width);
  // Too high is better than too wide, and X and W are torn apart only where nothing else fits.
  const chosen =
    best > 0 ? options.find(({ unit }) => unit >= enough) : (options.find(isWithin) ?? optionOf(4));
  const unit = Math.max(chosen?.unit ?? 0, least);
  return placed(chosen?.lines ?? [pieces], scaleOf(plan.config, unit), context, width);
}

/** The same in a height that there is, too: as large as it can be. */
export function layoutWithin(
  plan: SplitPlan,
  stored: boolean,
  { width, height }: { readonly width: number; readonly height: number },
  label = LABEL,
): StageLayout {
  const context = contextOf(plan, label);
  const least = leastUnit(plan.config);
  const options = [0, 1, 2, 3].map((breaks) => {
    const lines = linesOf(equationOf(plan, stored), breaks);
    let unit = Math.max(least, largestUnit(lines, context, width));
    let layout = placed(lines, scaleOf(plan.config, unit), context, width);
    while (layout.height > height && unit > least) {
      unit = Math.max(least, SMALLER * unit);
      layout = placed(lines, scaleOf(plan.config, unit), context, width);
    }
    return layout;
  });
  const fitting = options.filter((layout) => layout.height <= height && layout.width <= width);
  if (fitting.length === 0) return layoutOf(plan, stored, width, label); // too high is better than too wide
  return fitting.reduce((a, b) => (b.unit > a.unit ? b : a));
}

/**
 * Each line of the equation by itself, for a screen on which one is seen at a time. What is multiplied has one scale,
 * what comes of it another: it is touched, and there is more room for it. What leads from line to line is left out.
 */
export function layoutLines(plan: SplitPlan, stored: boolean, width: number): StageLayout[] {
  const context = contextOf(plan, LABEL);
  const lines = linesOf(equationOf(plan, stored), 3).map((line) =>
    line[0]?.type === 'sign' ? line.slice(1) : line,
  );
  const scaleFor = (some: readonly EquationPiece[][]): Scale =>
    scaleOf(plan.config, Math.max(leastUnit(plan.config), largestUnit(some, context, width)));
  const scales = {
    multiplied: scaleFor(lines.filter(isMultiplied)),
    results: scaleFor(lines.filter((line) => !isMultiplied(line))),
  };
  return lines.map((line) =>
    placed([line], isMultiplied(line) ? scales.multiplied : scales.results, context, width),
  );
}

function isMultiplied(line: readonly EquationPiece[]): boolean {
  return line.some((piece) => piece.type === 'plate' && piece.kind === 'weight');
}

const SMALLER = 0.94;

function contextOf(plan: SplitPlan, label: number): Context {
  const spread = Math.max(1, plan.config.worldSize - 1);
  return {
    plan,
    label,
    sheet: {
      dx: Math.max(7, charWidth(label), Math.min(15, 72 / spread)), // the sheets' numbers stand beside each other
      dy: Math.max(6, Math.min(11, 56 / spread)),
      fan: 28 / spread,
    },
  };
}

function placed(
  lines: readonly EquationPiece[][],
  scale: Scale,
  context: Context,
  width: number,
): StageLayout {
  const { plan, sheet, label } = context;
  const ranks = plan.config.worldSize;
  const widest = Math.max(...lines.map((line) => lineWidth(line, scale, context)));
  const plates: Plate[] = [];
  const signs: Sign[] = [];
  const start = Math.max(EDGE, (width - widest) / 2);
  let top = 0;
  for (const line of lines) {
    const pieces = line.filter((piece) => piece.type === 'plate');
    const heights = pieces.map(
      (piece) => scale.pixels(piece.rows.length) + SEAM * seamsOf(piece.rows.ranges),
    );
    const above = pieces.map((piece, i) => {
      const header = NAME + (piece.cols.ranges !== null ? TOP_LABELS + label : 0) + raisedOf(piece, plan);
      const stack = piece.kind === 'partials' ? (ranks - 1) * sheet.dy : 0;
      const labels = piece.kind === 'output' ? ranks * chunkPitch(label) - (heights[i] ?? 0) : 0;
      return (heights[i] ?? 0) / 2 + Math.max(header + stack, labels);
    });
    const middle = top + Math.max(...above);
    let left = start;
    for (const piece of line) {
      if (piece.type === 'sign') {
        const box = signWidth(piece);
        signs.push({ text: piece.text, left, width: box, top: middle });
        left += box + signRoom(piece, context);
        continue;
      }
      plates.push(...platesOf(piece, left + padding(piece, context).left, middle, scale, context));
      left += boxWidth(piece, scale, context);
    }
    const below = pieces.map(
      (piece, i) => (heights[i] ?? 0) / 2 + CAPTION + (piece.kind === 'partials' ? label - 1 : 0),
    );
    top = middle + Math.max(...below) + LINE_GAP;
  }
  const height = Math.ceil(top - LINE_GAP);
  return {
    width: Math.max(width, widest + 2 * EDGE),
    height,
    plates,
    signs,
    unit: scale.unit,
    sheet,
    label,
    enlarged: enlarged(plan, scale),
  };
}

/** Above H of a pair run the lines that join it to B. */
function raisedOf({ joins }: PlatePiece, { config }: SplitPlan): number {
  return joins ? joinRoom(config.worldSize) : 0;
}

function platesOf(piece: PlatePiece, left: number, middle: number, scale: Scale, context: Context): Plate[] {
  const { plan, sheet } = context;
  const { kind, product, name, turned, stored } = piece;
  const rows = axisOf(piece.rows.length, scale.pixels(piece.rows.length), piece.rows.ranges);
  const cols = axisOf(piece.cols.length, scale.pixels(piece.cols.length), piece.cols.ranges);
  const top = middle - rows.extent / 2;
  const common = { product, name, rows, cols, turned, stored, raised: raisedOf(piece, plan) };
  if (kind !== 'partials') {
    const rank = plan.config.worldSize === 1 ? 0 : null;
    return [{ id: `${kind}-${product}`, kind, rank, left, top, hidden: null, ...common }];
  }
  const sheets = Array.from({ length: plan.config.worldSize }, (_, rank): Plate => {
    const place = { left: left + rank * sheet.dx, top: top - rank * sheet.dy };
    const hidden = rank === 0 ? null : { right: cols.extent - sheet.dx - sheet.fan, top: sheet.dy };
    return { id: `partial-${product}-${rank}`, kind: 'partial', rank, ...place, hidden, ...common };
  });
  return sheets.reverse(); // the last rank's lies at the back
}

function enlarged({ config }: SplitPlan, scale: Scale): StageLayout['enlarged'] {
  const sides = [
    { side: 'M', length: config.m },
    { side: 'K', length: config.k },
    { side: 'N', length: config.n },
  ] as const;
  return sides
    .map(({ side, length }) => ({ side, times: scale.pixels(length) / (length * scale.unit) }))
    .filter(({ times }) => times > 1.05);
}
