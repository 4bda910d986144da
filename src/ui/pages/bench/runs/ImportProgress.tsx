import { useRef } from 'react';
import type { Importing } from '#lab/bench/state.ts';
import gauge from '#ui/components/gauge.module.css';
import { useDelayed } from '#ui/components/inTime.ts';
import { useBench } from '../useBench.ts';
import css from './runs.module.css';

/** Most files are read before a progress could be. */
const DELAY_MS = 200;

/** How far a file is read, and a way to stop it. */
export function ImportProgress() {
  const importing = useBench((state) => state.importing);
  const stop = useBench((state) => state.stopImport);
  const box = useRef<HTMLDivElement>(null);
  const late = useDelayed(importing !== null, DELAY_MS);
  const taking = importing?.stage === 'taking';
  return (
    // It stays, and takes the focus of the button, which goes.
    <div ref={box} tabIndex={-1} className={css['importing']}>
      {importing !== null && late && (
        <>
          <progress
            className={gauge['gauge']}
            aria-label={`Reading ${importing.name}`}
            {...(taking && { value: importing.done, max: importing.total })}
          />
          <p className={`row middle gap-2 ${css['line']}`}>
            <span role="status">{inWords(importing)}</span>
            <button
              type="button"
              className="ghost"
              onClick={() => {
                stop();
                box.current?.focus();
              }}
            >
              Stop reading
            </button>
          </p>
        </>
      )}
    </div>
  );
}

function inWords({ name, stage, done, total }: Importing): string {
  switch (stage) {
    case 'reading':
      return `Reading ${name} …`;
    case 'checking':
      return `Checking ${name} …`;
    case 'taking':
      return `${name}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')} results`;
    default:
      return stage satisfies never;
  }
}
