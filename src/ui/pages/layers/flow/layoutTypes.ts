/** The flow picture as boxes, in pixels from its top left corner. */

import { LINE, type Line, widthOf } from './text.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Something that can be pressed: an operation, a weight that it reads, the tensor that it makes, a collective. */
export interface FlowNode extends Box {
  readonly key: string;
  readonly kind: 'op' | 'weight' | 'tensor' | 'collective';
  /** Null where it is all ranks' together. */
  readonly rank: number | null;
  /** The tensor that it is, makes or changes. */
  readonly tensor: string;
  readonly lines: readonly Line[];
}

/** Words in place of boxes, on a rank that does nothing here. */
export interface IdleNote extends Box {
  readonly rank: number;
  readonly text: string;
}

/** What one step of the plan draws; −1 draws the layer's inputs. */
export interface FlowRow {
  readonly step: number;
  readonly nodes: readonly FlowNode[];
  readonly idle: readonly IdleNote[];
}

export interface StageLabel extends Box {
  readonly title: string;
  readonly note: string;
}

/** What is done once a round, drawn once. */
export interface LoopFrame extends Box {
  readonly rank: number;
  readonly lines: readonly Line[];
  /** How much of it there is on this rank, as a share of the rank that has most; null where it runs nowhere. */
  readonly share: number;
}

/** A place in every lane: the `at`th of `count` beside each other, `inset` from the lane's edges. */
export interface Place {
  readonly at: number;
  readonly count: number;
  readonly inset: number;
}

export interface FlowLane {
  readonly rank: number;
  readonly x: number;
  readonly width: number;
}

/** A tensor that is added again further down, in one lane: from its box down and into the pill. */
export interface Residual {
  readonly key: string;
  readonly rank: number;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface FlowLayout {
  readonly width: number;
  readonly height: number;
  /** Stage names stand in a column of their own, or above their stage where there is no room for one. */
  readonly labels: 'side' | 'above';
  readonly lanes: readonly FlowLane[];
  readonly stages: readonly StageLabel[];
  readonly rows: readonly FlowRow[];
  readonly frames: readonly LoopFrame[];
  readonly residuals: readonly Residual[];
}

/** Of the tensor with most elements, and of one with so few that its words set its height. */
export const TALLEST = 64;
export const LOWEST = 36;
/** Around the words, both sides together. */
export const TENSOR_PAD = { x: 12, y: 6 };
export const PILL_PAD = { x: 16, y: 7 };
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
