/** The scrubber's track as data: one segment a moment, as long as the moment is worth watching. */

import { type Moment, type Phase, timelineOf } from '#lab/split/timeline.ts';
import type { SplitPlan } from '#program/splitPlan.ts';
import type { ScrubberTrack, TrackGroup, TrackSegment } from '#ui/components/scrubber/Track.tsx';

const WEIGHTS: Readonly<Record<Phase, number>> = {
  cut: 1,
  multiply: 1.6,
  'reduce-scatter': 0.8,
  'all-gather': 0.8,
  bias: 0.9,
  done: 1,
};
/** A few ring steps still need room for the words below them. */
const LEAST_RING = 2.4;

export function groupsOf(timeline: readonly Moment[]): TrackGroup[] {
  const groups: TrackGroup[] = [];
  for (const [index, { phase, label }] of timeline.entries()) {
    const last = groups.at(-1);
    const isRing = phase === 'reduce-scatter' || phase === 'all-gather';
    if (isRing && last?.name === phase) groups[groups.length - 1] = { ...last, last: index };
    else groups.push({ name: nameOf(phase, label, timeline), first: index, last: index });
  }
  return groups;
}

function nameOf(phase: Phase, label: string, timeline: readonly Moment[]): string {
  const multiplies = timeline.filter((moment) => moment.phase === 'multiply').length;
  if (phase === 'multiply' && multiplies > 1) return label.split(' ')[0] ?? label;
  if (phase === 'cut') return label;
  return phase;
}

export function segmentsOf(timeline: readonly Moment[]): TrackSegment[] {
  const segments = timeline.map(({ phase, ringStep, product }) => ({
    key: `${phase}-${ringStep ?? product ?? 0}`,
    weight: WEIGHTS[phase],
  }));
  for (const { first, last } of groupsOf(timeline)) {
    const phase = timeline[first]?.phase;
    if (phase !== 'reduce-scatter' && phase !== 'all-gather') continue;
    const count = last - first + 1;
    for (let i = first; i <= last; i++) {
      const segment = segments[i];
      if (segment !== undefined)
        segments[i] = { ...segment, weight: Math.max(segment.weight, LEAST_RING / count) };
    }
  }
  return segments;
}

export function trackOf(plan: SplitPlan): ScrubberTrack {
  const timeline = timelineOf(plan);
  return { segments: segmentsOf(timeline), groups: groupsOf(timeline) };
}

export function momentOf(plan: SplitPlan, at: number): Moment | null {
  return timelineOf(plan)[at] ?? null;
}
