import { RunStatus } from '#ui/components/RunStatus.tsx';
import { useSplit } from '../useSplit.ts';

export function SplitRunStatus() {
  const phase = useSplit((state) => state.phase);
  const ranks = useSplit((state) => state.params.ranks);
  const stop = useSplit((state) => state.stop);
  return <RunStatus phase={phase} ranks={ranks} onStop={stop} />;
}
