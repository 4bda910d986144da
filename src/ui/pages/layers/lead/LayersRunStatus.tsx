import { RunStatus } from '#ui/components/RunStatus.tsx';
import { useLayers } from '../useLayers.ts';

export function LayersRunStatus() {
  const phase = useLayers((state) => state.phase);
  const ranks = useLayers((state) => state.params.ranks);
  const stop = useLayers((state) => state.stop);
  return <RunStatus phase={phase} ranks={ranks} onStop={stop} />;
}
