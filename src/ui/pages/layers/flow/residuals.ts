/** Tensors that skip some stages and are added again: the residual stream, and partials that wait for another. */

import { type LayerPlan, stepsOf } from '#program/plan.ts';
import { madeBy, readsOf } from './made.ts';

export interface Skip {
  readonly tensor: string;
  /** Index of the step that adds it. */
  readonly step: number;
  /** Skips of one track never run beside each other. */
  readonly track: number;
}

export function skipsOf(plan: LayerPlan): Skip[] {
  const stageOf = plan.stages.flatMap(({ steps }, stage) => steps.map(() => stage));
  const drawn = new Map<string, number>(plan.inputs.map((id) => [id, -1]));
  const skips: Skip[] = [];
  /** The last stage of each track that is taken. */
  const tracks: number[] = [];
  for (const [index, step] of stepsOf(plan).entries()) {
    const stage = stageOf[index] ?? 0;
    if (step.kind === 'op' && step.op === 'add') {
      for (const tensor of readsOf(step)) {
        const from = drawn.get(tensor);
        if (from === undefined || stage - from < 2) continue;
        const free = tracks.findIndex((taken) => taken <= from);
        const track = free === -1 ? tracks.length : free;
        tracks[track] = stage;
        skips.push({ tensor, step: index, track });
      }
    }
    drawn.set(madeBy(step), stage);
  }
  return skips;
}
