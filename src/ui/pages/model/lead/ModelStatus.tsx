import { useDelayed } from '#ui/components/inTime.ts';
import lead from '#ui/page/lead.module.css';
import { useModel } from '../useModel.ts';
import { doingText } from './words.ts';

/** A text shorter than this needs no button to stop it. */
const QUIET_MS = 300;

/** What is under way, and a way to end it. */
export function ModelStatus() {
  const phase = useModel((state) => state.phase);
  const doing = useModel((state) => state.doing);
  const ranks = useModel((state) => state.loaded?.worldSize ?? state.started);
  const comparing = useModel((state) => state.comparing);
  const stopText = useModel((state) => state.stopText);
  const shown = useDelayed(phase !== 'idle', QUIET_MS);
  return (
    <div className={lead['run-status']} role="status">
      {shown && (
        <>
          <span className={lead['run-progress']} aria-hidden="true" />
          <span>
            {doingText(doing ?? (phase === 'running' ? 'prefill' : 'starting'), ranks)}
            {comparing !== null && `, text ${comparing.at} of ${comparing.of}`}
          </span>
          <button type="button" className="ghost" onClick={stopText}>
            Stop
          </button>
        </>
      )}
    </div>
  );
}
