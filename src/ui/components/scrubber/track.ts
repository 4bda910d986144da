/** The track of a scrubber as data: one segment a moment, and names under neighbouring ones. */

export interface TrackSegment {
  readonly key: string;
  /** Share of the track, in `fr`. */
  readonly weight: number;
}

/** Neighbouring moments with one name under them. */
export interface TrackGroup {
  readonly name: string;
  /** First and last segment, both inside. */
  readonly first: number;
  readonly last: number;
}

/** The segment at a share of the track's length, from 0 to 1. */
export function segmentAt(segments: readonly { readonly weight: number }[], share: number): number {
  const total = segments.reduce((sum, { weight }) => sum + weight, 0);
  let left = share * total;
  for (const [index, { weight }] of segments.entries()) {
    left -= weight;
    if (left < 0) return index;
  }
  return Math.max(0, segments.length - 1);
}
