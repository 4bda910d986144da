import { useRef } from 'react';
import gauge from '#ui/components/gauge.module.css';
import { counted } from '#ui/components/words.ts';
import { formatAhead } from '#ui/units.ts';
import { layerPlaceLabel, opLabel } from '../series.ts';
import { useBench, useEstimate } from '../useBench.ts';
import css from './controls.module.css';

/** Run, pause, stop, and how far it is. */
export function RunBox() {
  const phase = useBench((state) => state.phase);
  const run = useBench((state) => state.run);
  const pause = useBench((state) => state.pause);
  const resume = useBench((state) => state.resume);
  const stop = useBench((state) => state.stop);
  const estimate = useEstimate();
  const main = useRef<HTMLButtonElement>(null);
  const idle = phase === 'idle';
  const ahead =
    estimate === null ? '' : ` ${counted(estimate.cases, 'cell')} · about ${formatAhead(estimate.ms)}`;
  const [label, act] = {
    idle: [`Run${ahead}`, run] as const,
    running: ['Pause', pause] as const,
    paused: ['Resume', resume] as const,
  }[phase];
  return (
    <div className="stack gap-2">
      <div className={`stack gap-2 ${css['buttons']}`}>
        {/* One button, whatever it does, so that it keeps the focus; and Stop, which goes, hands it on. */}
        <button
          ref={main}
          type="button"
          className={idle ? `primary ${css['run']}` : 'ghost'}
          disabled={idle && estimate === null}
          onClick={act}
        >
          {label}
        </button>
        {!idle && (
          <button
            type="button"
            className="ghost"
            onClick={() => {
              stop();
              main.current?.focus();
            }}
          >
            Stop
          </button>
        )}
      </div>
      {!idle && <Progress />}
    </div>
  );
}

function Progress() {
  const progress = useBench((state) => state.progress);
  const paused = useBench((state) => state.phase === 'paused');
  const wasHidden = useBench((state) => state.wasHidden);
  const { done = 0, total = 1, current = null, leftMs = null } = progress ?? {};
  const left = leftMs === null ? '' : `${formatAhead(leftMs)} left`;
  return (
    <>
      <progress
        className={gauge['gauge']}
        aria-label="Cells done"
        value={done}
        max={total}
        data-paused={paused}
      />
      <p className={css['progress-line']}>
        <span>
          {paused ? 'paused at ' : ''}
          <span className="num">
            {done} / {total}
          </span>
        </span>
        <span className="num">{paused ? '' : left}</span>
      </p>
      <p className="faint">
        {current === null
          ? 'starting ranks'
          : `${opLabel(current.op)}, ${layerPlaceLabel(current)}, ${counted(current.worldSize, 'rank')}`}
      </p>
      <p className={`faint ${css['hidden']}`} data-warn={wasHidden || undefined}>
        {wasHidden
          ? 'The tab was hidden, where a browser slows it down. Cells measured meanwhile are marked unreliable.'
          : 'Keep this tab in sight: a browser slows down what is hidden. A look at another page pauses the run.'}
      </p>
    </>
  );
}
