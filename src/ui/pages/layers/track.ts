/** The scrubber's track for a plan: a segment a step, named by stages, and one at the end for all that is done. */

import { type LayerPlan, type PlannedStep, stepsOf } from '#program/plan.ts';
import type { ScrubberTrack, TrackGroup, TrackSegment } from '#ui/components/scrubber/Track.tsx';
import { COLLECTIVE_NAMES } from './flow/flowWords.ts';

const COLLECTIVE_WEIGHT = 1.8;

export function trackOf(plan: LayerPlan): ScrubberTrack {
  return { segments: segmentsOf(plan), groups: groupsOf(plan) };
}

export function segmentsOf(plan: LayerPlan): TrackSegment[] {
  const steps = stepsOf(plan).map((step) => ({
    key: step.id,
    weight: step.kind === 'collective' ? COLLECTIVE_WEIGHT : 1,
  }));
  return [...steps, { key: 'all done', weight: 1 }];
}

export function groupsOf(plan: LayerPlan): TrackGroup[] {
  const groups: TrackGroup[] = [];
  let first = 0;
  for (const { title, steps } of plan.stages) {
    const last = first + steps.length - 1;
    if (last >= first) groups.push({ name: title, first, last });
    first = last + 1;
  }
  return [...groups, { name: 'done', first, last: first }];
}

/** The stage and the step at a moment. Past the last step everything is done. */
export function momentOf(plan: LayerPlan, at: number): { phase: string; label: string } {
  let left = at;
  for (const { title, steps } of plan.stages) {
    const step = steps[left];
    if (left < steps.length && step !== undefined) return { phase: title, label: labelOf(step) };
    left -= steps.length;
  }
  return { phase: 'done', label: 'done' };
}

function labelOf(step: PlannedStep): string {
  return step.kind === 'op' ? step.label : COLLECTIVE_NAMES[step.collective];
}
