/** What has happened by a moment of the timeline: the stage, the ring and the clock draw the same answer. */

import type { Moment } from '#lab/split/timeline.ts';

export interface Progress {
  readonly moment: Moment;
  /** How many products of the plan have been computed. */
  readonly multiplied: number;
  /** How many steps of the ring have been taken. */
  readonly ringSteps: number;
  /** False only before a bias that is added after the sum. */
  readonly biased: boolean;
  /** Y is what it will stay. */
  readonly done: boolean;
}

export function progressAt(timeline: readonly Moment[], at: number): Progress {
  const last = timeline.length - 1;
  const index = Math.min(Math.max(0, at), last);
  const moment = timeline[index] ?? { phase: 'done', label: 'done' };
  const past = timeline.slice(0, index + 1);
  return {
    moment,
    multiplied: past.filter(({ phase }) => phase === 'multiply').length,
    ringSteps: past.filter(({ ringStep }) => ringStep !== undefined).length,
    biased: !timeline.slice(index + 1).some(({ phase }) => phase === 'bias'),
    done: !timeline.slice(index + 1).some(({ phase }) => phase !== 'done'),
  };
}
