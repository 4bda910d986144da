import { useSplit } from './useSplit.ts';
import './problem.css';

/** For aria-describedby of the field that is wrong. */
export const PROBLEM_ID = 'split-problem';

/** Why the parameters cannot run, and what would. The last good run stays on the page meanwhile. */
export function Problem() {
  const problem = useSplit((state) => state.problem);
  const hasRun = useSplit((state) => state.run !== null);
  return (
    <div role="alert" id={PROBLEM_ID} className="problem" hidden={problem === null}>
      {problem !== null && (
        <p>
          {problem} {hasRun && <span>The picture still shows the last run.</span>}
        </p>
      )}
    </div>
  );
}
