import type { SplitState } from '../../../../lab/split/state.ts';
import { sameParams } from '../url/link.ts';
import { useSplit } from '../useSplit.ts';

type FailureCode = NonNullable<SplitState['failure']>['code'];

const TITLES: Readonly<Record<FailureCode, string>> = {
  environment: 'The ranks cannot run here',
  input: 'The ranks cannot run this',
  device: 'A device failed',
  'rank-failed': 'A rank failed',
  deadline: 'A rank did not arrive in time',
  mismatch: 'Two ranks called different collectives',
  closed: 'Stopped',
  unknown: 'The run failed',
};

/** Why the last attempt gave no result, and a way to try again. */
export function Failure() {
  const failure = useSplit((state) => state.failure);
  const stopped = useSplit(
    ({ run, params, alive, phase, problem, failure }) =>
      phase === 'idle' &&
      problem === null &&
      failure === null &&
      (run === null || (!alive && !sameParams(run.params, params))),
  );
  const hasRun = useSplit((state) => state.run !== null);
  const rerun = useSplit((state) => state.rerun);
  if (failure === null && !stopped) return null;
  return (
    <div className="failure" role="alert" data-stopped={failure === null || undefined}>
      <p>
        <strong className="failure-title">{failure === null ? 'Stopped' : TITLES[failure.code]}.</strong>{' '}
        {failure?.message ?? (hasRun ? 'What is chosen has not run.' : 'There is no result yet.')}{' '}
        {hasRun && 'The page still shows the last run.'}
      </p>
      <button type="button" className="ghost" onClick={rerun}>
        Try again
      </button>
    </div>
  );
}
