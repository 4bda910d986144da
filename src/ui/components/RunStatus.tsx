import { useDelayed } from './useDelayed.ts';
import { counted } from './words.ts';
import './lead.css';

/** A run shorter than this leaves no trace but its result. */
const QUIET_MS = 300;

interface RunStatusProps {
  readonly phase: 'idle' | 'starting' | 'running';
  readonly ranks: number;
  readonly onStop: () => void;
}

/** What is under way, once it takes long enough to be noticed, and a way to stop it. */
export function RunStatus({ phase, ranks, onStop }: RunStatusProps) {
  const shown = useDelayed(phase !== 'idle', QUIET_MS);
  return (
    <div className="run-status" role="status">
      {shown && (
        <>
          <span className="run-progress" aria-hidden="true" />
          <span>
            {counted(ranks, 'rank')} {phase === 'starting' ? 'starting' : 'computing'}
          </span>
          <button type="button" className="ghost" onClick={onStop}>
            Stop
          </button>
        </>
      )}
    </div>
  );
}
