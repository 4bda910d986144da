import type { SplitState } from '../../../../lab/split/state.ts';
import { sameParams } from '../url/link.ts';
import { useSplit } from '../useSplit.ts';
import { useIdle } from './useIdle.ts';

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
  const idle = useIdle();
  const unfinished = useSplit(
    ({ run, params, alive, problem, failure }) =>
      problem === null && failure === null && (run === null || (!alive && !sameParams(run.params, params))),
  );
  const hasRun = useSplit((state) => state.run !== null);
  const device = useSplit((state) => state.params.device);
  const change = useSplit((state) => state.change);
  const rerun = useSplit((state) => state.rerun);
  if (failure === null && !(idle && unfinished)) return null;
  return (
    <div className="failure" role="alert" data-stopped={failure === null || undefined}>
      <p>
        <strong className="failure-title">{failure === null ? 'Stopped' : TITLES[failure.code]}.</strong>{' '}
        {failure?.message ?? (hasRun ? 'What is chosen has not run.' : 'There is no result yet.')}{' '}
        {hasRun && 'The page still shows the last run.'}
      </p>
      {failure?.code === 'environment' && device !== 'cpu' && (
        <button type="button" className="ghost" onClick={() => change({ device: 'cpu' })}>
          Use the CPU
        </button>
      )}
      <button type="button" className="ghost" onClick={rerun}>
        Try again
      </button>
    </div>
  );
}
