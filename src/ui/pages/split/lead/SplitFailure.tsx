import { Failure } from '../../../components/Failure.tsx';
import { sameParams } from '../url/link.ts';
import { useSplit } from '../useSplit.ts';

/** Shown where the last attempt failed, or was stopped before it had a result. */
export function SplitFailure() {
  const failure = useSplit((state) => state.failure);
  const idle = useSplit((state) => state.phase === 'idle');
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
    <Failure
      failure={failure}
      hasRun={hasRun}
      onCpu={device === 'cpu' ? null : () => change({ device: 'cpu' })}
      onRetry={rerun}
    />
  );
}
