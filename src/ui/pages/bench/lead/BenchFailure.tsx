import { Failure } from '#ui/components/Failure.tsx';
import { useBench } from '../useBench.ts';

/** Why the run ended early. A case that fails is a row of the table, and no failure of the run. */
export function BenchFailure() {
  const failure = useBench((state) => state.failure);
  const phase = useBench((state) => state.phase);
  const hasRun = useBench(({ results, shown }) => shown !== null && (results.get(shown)?.length ?? 0) > 0);
  const run = useBench((state) => state.run);
  const options = useBench((state) => state.options);
  const change = useBench((state) => state.change);
  if (failure === null || phase !== 'idle') return null;
  const onCpu = options.devices.join() === 'cpu' ? null : () => change({ devices: ['cpu'] });
  return <Failure failure={failure} hasRun={hasRun} onCpu={onCpu} onRetry={run} />;
}
