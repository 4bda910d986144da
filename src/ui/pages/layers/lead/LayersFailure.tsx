import { Failure } from '../../../components/Failure.tsx';
import { sameParams } from '../url/link.ts';
import { useLayers } from '../useLayers.ts';

/** Shown where the last attempt failed, or was stopped before it had a result. */
export function LayersFailure() {
  const failure = useLayers((state) => state.failure);
  const unfinished = useLayers(
    ({ run, params, alive, problem, failure, phase }) =>
      phase === 'idle' &&
      problem === null &&
      failure === null &&
      (run === null || (!alive && !sameParams(run.params, params))),
  );
  const hasRun = useLayers((state) => state.run !== null);
  const device = useLayers((state) => state.params.device);
  const change = useLayers((state) => state.change);
  const rerun = useLayers((state) => state.rerun);
  if (failure === null && !unfinished) return null;
  return (
    <Failure
      failure={failure}
      hasRun={hasRun}
      onCpu={device === 'cpu' ? null : () => change({ device: 'cpu' })}
      onRetry={rerun}
    />
  );
}
