import css from './scrubber.module.css';
import { type ScrubberProps, Track } from './Track.tsx';

/** Play, back, next, a track with a segment a moment, and the name of the one that is shown. */
export function Scrubber(props: ScrubberProps) {
  const { segments, at, playing, disabled, moment, actions } = props;
  return (
    <div className={css['scrubber']}>
      <div className={css['buttons']}>
        <button
          type="button"
          className={css['play']}
          disabled={disabled}
          onClick={playing ? actions.pause : actions.play}
        >
          <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
            <path d={playing ? 'M2 1h3v10H2zM7 1h3v10H7z' : 'M2.5 1 11 6l-8.5 5z'} fill="currentColor" />
          </svg>
          {playing ? 'Pause' : 'Play'}
        </button>
        <button
          type="button"
          className="ghost"
          disabled={disabled || at <= 0}
          onClick={() => actions.step(-1)}
        >
          Back
        </button>
        <button
          type="button"
          className="ghost"
          disabled={disabled || at >= segments.length - 1}
          onClick={() => actions.step(1)}
        >
          Next
        </button>
      </div>
      <Track {...props} />
      <output className={`num ${css['label']}`}>
        {moment !== null && moment.phase !== moment.label && (
          <span className={css['phase']}>{moment.phase}</span>
        )}
        {moment?.label}
      </output>
    </div>
  );
}
