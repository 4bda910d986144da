import { useSplit } from '../useSplit.ts';
import { counted } from '../words.ts';
import { useDelayed } from './useDelayed.ts';

/** A run shorter than this leaves no trace but its result. */
const QUIET_MS = 300;

/** What is under way, once it takes long enough to be noticed, and a way to stop it. */
export function RunStatus() {
  const phase = useSplit((state) => state.phase);
  const ranks = useSplit((state) => state.params.ranks);
  const stop = useSplit((state) => state.stop);
  const shown = useDelayed(phase !== 'idle', QUIET_MS);
  return (
    <div className="run-status" role="status">
      {shown && (
        <>
          <span className="run-progress" aria-hidden="true" />
          <span>
            {counted(ranks, 'rank')} {phase === 'starting' ? 'starting' : 'computing'}
          </span>
          <button type="button" className="ghost" onClick={stop}>
            Stop
          </button>
        </>
      )}
    </div>
  );
}
