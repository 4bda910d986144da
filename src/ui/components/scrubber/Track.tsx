import type { KeyboardEvent, PointerEvent } from 'react';
import css from './scrubber.module.css';

export interface ScrubberActions {
  readonly seek: (at: number) => void;
  readonly step: (by: number) => void;
  readonly play: () => void;
  readonly pause: () => void;
}

export interface ScrubberTrack {
  readonly segments: readonly TrackSegment[];
  readonly groups: readonly TrackGroup[];
}

export interface ScrubberProps extends ScrubberTrack {
  /** Index of the segment that is shown. */
  readonly at: number;
  readonly playing: boolean;
  readonly disabled: boolean;
  /** What is shown, and what it is a part of; null where there is nothing yet. */
  readonly moment: { readonly phase: string; readonly label: string } | null;
  readonly actions: ScrubberActions;
}

/** The moments in a row, as a slider: by pointer and by key. */
export function Track({ segments, groups, at, playing, disabled, moment, actions }: ScrubberProps) {
  const { seek, step, play, pause } = actions;
  const last = Math.max(0, segments.length - 1);

  const scrub = (event: PointerEvent<HTMLDivElement>): void => {
    if (disabled || (event.type === 'pointermove' && event.buttons !== 1)) return;
    const bounds = event.currentTarget.getBoundingClientRect();
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId);
    pause();
    seek(segmentAt(segments, Math.max(0, event.clientX - bounds.left) / bounds.width));
  };
  const keyDown = (event: KeyboardEvent): void => {
    const actionsOfKeys: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => step(-1),
      ArrowDown: () => step(-1),
      ArrowRight: () => step(1),
      ArrowUp: () => step(1),
      Home: () => seek(0),
      End: () => seek(last),
      // Held down, it would flicker between the two.
      ' ': () => event.repeat || (playing ? pause : play)(),
    };
    const action = actionsOfKeys[event.key];
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (!disabled) action();
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      className={css['track']}
      aria-label="Moment of the run"
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={Math.min(at, last)}
      aria-valuetext={moment === null ? 'no run yet' : `${moment.phase}: ${moment.label}`}
      aria-disabled={disabled}
      style={{ gridTemplateColumns: segments.map(({ weight }) => `minmax(0, ${weight}fr)`).join(' ') }}
      onPointerDown={scrub}
      onPointerMove={scrub}
      onKeyDown={keyDown}
    >
      {segments.map(({ key }, index) => (
        <span
          key={key}
          className={css['segment']}
          data-state={index < at ? 'past' : index === at ? 'now' : 'ahead'}
        />
      ))}
      {groups.map(({ name, first, last: end }) => (
        <span
          key={first}
          className={css['name']}
          style={{ gridColumn: `${first + 1} / ${end + 2}` }}
          title={name}
          data-now={at >= first && at <= end ? '' : undefined}
        >
          {disabled && end === last ? '' : name /* nothing is done before it has run */}
        </span>
      ))}
    </div>
  );
}

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
