import { type KeyboardEvent, type PointerEvent, useMemo } from 'react';
import css from './scrubber.module.css';
import { groupsOf, segmentAt, segmentsOf } from './scrubberParts.ts';
import { useSplit } from './useSplit.ts';

/** Moves the picture, the ring, the clock's cursor and the line of code together. */
export function Scrubber() {
  const timeline = useSplit((state) => state.run?.timeline ?? null);
  const at = useSplit((state) => state.at);
  const playing = useSplit((state) => state.playing);
  const step = useSplit((state) => state.step);
  const play = useSplit((state) => state.play);
  const pause = useSplit((state) => state.pause);
  const last = (timeline?.length ?? 1) - 1;
  const moment = timeline?.[at];
  return (
    <div className={css['scrubber']}>
      <div className={css['buttons']}>
        <button
          type="button"
          className={css['play']}
          disabled={timeline === null}
          onClick={playing ? pause : play}
        >
          <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
            <path d={playing ? 'M2 1h3v10H2zM7 1h3v10H7z' : 'M2.5 1 11 6l-8.5 5z'} fill="currentColor" />
          </svg>
          {playing ? 'Pause' : 'Play'}
        </button>
        <button type="button" className="ghost" disabled={at <= 0} onClick={() => step(-1)}>
          Back
        </button>
        <button type="button" className="ghost" disabled={at >= last} onClick={() => step(1)}>
          Next
        </button>
      </div>
      <Track />
      <output className={`num ${css['label']}`}>
        {moment !== undefined && moment.phase !== moment.label && (
          <span className={css['phase']}>{moment.phase}</span>
        )}
        {moment?.label}
      </output>
    </div>
  );
}

function Track() {
  const timeline = useSplit((state) => state.run?.timeline ?? null);
  const at = useSplit((state) => state.at);
  const playing = useSplit((state) => state.playing);
  const { seek, step, play, pause } = useActions();
  const segments = useMemo(() => segmentsOf(timeline ?? []), [timeline]);
  const groups = useMemo(() => groupsOf(timeline ?? []), [timeline]);
  const moment = timeline?.[at];
  const last = segments.length - 1;

  const scrub = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.type === 'pointermove' && event.buttons !== 1) return;
    const bounds = event.currentTarget.getBoundingClientRect();
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId);
    pause();
    seek(segmentAt(segments, Math.max(0, event.clientX - bounds.left) / bounds.width));
  };
  const keyDown = (event: KeyboardEvent): void => {
    const actions: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => step(-1),
      ArrowDown: () => step(-1),
      ArrowRight: () => step(1),
      ArrowUp: () => step(1),
      Home: () => seek(0),
      End: () => seek(last),
      ' ': playing ? pause : play,
    };
    const action = actions[event.key];
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      className={css['track']}
      aria-label="Moment of the run"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, last)}
      aria-valuenow={Math.min(at, Math.max(0, last))}
      aria-valuetext={moment === undefined ? 'no run yet' : `${moment.phase}: ${moment.label}`}
      aria-disabled={timeline === null}
      style={{ gridTemplateColumns: segments.map(({ weight }) => `minmax(0, ${weight}fr)`).join(' ') }}
      onPointerDown={scrub}
      onPointerMove={scrub}
      onKeyDown={keyDown}
    >
      {segments.map(({ moment: { phase, ringStep, product } }, index) => (
        <span
          key={`${phase}-${ringStep ?? product ?? 0}`}
          className={css['segment']}
          data-state={index < at ? 'past' : index === at ? 'now' : 'ahead'}
        />
      ))}
      {groups.map(({ name, first, last: end }) => (
        <span
          key={first}
          className={css['name']}
          style={{ gridColumn: `${first + 1} / ${end + 2}` }}
          data-now={at >= first && at <= end ? '' : undefined}
        >
          {name}
        </span>
      ))}
    </div>
  );
}

function useActions() {
  const seek = useSplit((state) => state.seek);
  const step = useSplit((state) => state.step);
  const play = useSplit((state) => state.play);
  const pause = useSplit((state) => state.pause);
  return { seek, step, play, pause };
}
