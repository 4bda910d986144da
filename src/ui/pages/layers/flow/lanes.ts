/** The columns of the flow: one a rank, each with a place for the lines of what is added again at its right. */

import type { Box, FlowLane, Place } from './layoutTypes.ts';

/** From this width on stage names have a column of their own. */
const WITH_LABELS = 620;
/** Inside of a lane: below this not even a time would fit into a pill that is framed. */
const LEAST_INSIDE = 84;
const CELL_GAP = 8;
/** Many ranks stand closer, so that eight fit beside each other. */
const ROOMY = { labels: 140, between: 8, pad: 8 };
const CLOSE = { labels: 126, between: 6, pad: 5 };
const MANY = 5;
export const TRACK = 9;

export class Lanes {
  readonly lanes: readonly FlowLane[];
  readonly width: number;
  readonly labelWidth: number;
  readonly #gutter: number;
  readonly #pad: number;

  constructor(width: number, ranks: readonly number[], tracks: number) {
    const { labels, between, pad } = ranks.length < MANY ? ROOMY : CLOSE;
    this.labelWidth = width >= WITH_LABELS ? labels : 0;
    this.#pad = pad;
    this.#gutter = tracks * TRACK;
    const room = (width - this.labelWidth - between * (ranks.length - 1)) / ranks.length;
    const lane = Math.max(LEAST_INSIDE + 2 * pad + this.#gutter, Math.floor(room));
    this.lanes = ranks.map((rank, i) => ({
      rank,
      x: this.labelWidth + i * (lane + between),
      width: lane,
    }));
    this.width = this.labelWidth + ranks.length * (lane + between) - between;
  }

  /** Where a place lies in a lane. */
  cell(lane: FlowLane, { at, count, inset }: Place): Pick<Box, 'x' | 'width'> {
    const whole = lane.width - 2 * (this.#pad + inset) - this.#gutter;
    const width = (whole - CELL_GAP * (count - 1)) / count;
    return { x: lane.x + this.#pad + inset + at * (width + CELL_GAP), width };
  }

  /** Across all lanes. */
  across(): Pick<Box, 'x' | 'width'> {
    const x = this.labelWidth + this.#pad;
    return { x, width: this.width - this.#pad - x };
  }

  /** Where the line of a track runs in a lane. */
  trackX(lane: FlowLane, track: number): number {
    return lane.x + lane.width - this.#gutter - this.#pad / 2 + (track + 0.5) * TRACK;
  }
}
