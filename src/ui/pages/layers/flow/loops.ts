/** Operations that are run once an expert, drawn once: a frame a rank, with how often, so that imbalance is seen. */

import { type LayerPlan, type PlannedStep, tensorOf } from '#program/plan.ts';
import type { Lanes } from './lanes.ts';
import type { LoopFrame } from './layoutTypes.ts';
import { madeBy, runsOn } from './made.ts';
import { LINE, type Line, piece, wrap } from './text.ts';

const INSET = 7;
const BAR = 12;

export interface PlannedFrame {
  /** Pixels above the first step, and below the last. */
  readonly head: number;
  readonly foot: number;
  readonly inset: number;
  boxes(top: number, bottom: number): LoopFrame[];
}

export function frameOf(plan: LayerPlan, body: readonly PlannedStep[], lanes: Lanes): PlannedFrame {
  // The first of the body makes the list of the tokens that a rank's experts were chosen by.
  const [first] = body;
  const tokens = first === undefined ? undefined : tensorOf(plan, madeBy(first));
  const countOf = (rank: number): number => tokens?.shapes[rank]?.[0] ?? 0;
  const most = Math.max(1, ...Array.from({ length: plan.worldSize }, (_, rank) => countOf(rank)));
  const frames = lanes.lanes.map((lane) => {
    const { rank } = lane;
    const { x, width } = lanes.cell(lane, { at: 0, count: 1, inset: 0 });
    const count = countOf(rank);
    const active = body.some((step) => runsOn(step, rank));
    const words = active
      ? [
          piece('label', tokens?.notes[rank] ?? ''),
          piece('note', `${count} ${count === 1 ? 'token' : 'tokens'}`),
        ]
      : [piece('note', 'no token chose its experts')];
    const lines: readonly Line[] = wrap(words, width - 2 * INSET);
    return { rank, x, width, lines, share: count / most };
  });
  const head = Math.max(...frames.map(({ lines }) => lines.length)) * LINE + BAR + 10;
  return {
    head,
    foot: 4,
    inset: INSET,
    boxes: (top, bottom) => frames.map((frame) => ({ ...frame, y: top, height: bottom - top })),
  };
}
