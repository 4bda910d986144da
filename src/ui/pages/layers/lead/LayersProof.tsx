import { Proof, ProofToCome } from '#ui/components/Proof.tsx';
import { useLayers } from '../useLayers.ts';
import { ProofDetails } from './ProofDetails.tsx';
import { verdictOf } from './verdict.ts';

/** Whether the ranks did what the plan said, and whether what they got is right. */
export function LayersProof() {
  const run = useLayers((state) => state.run);
  const problem = useLayers((state) => state.problem);
  const idle = useLayers((state) => state.phase === 'idle');
  if (run === null) return problem === null ? <ProofToCome busy={!idle} /> : null;
  return (
    <Proof {...verdictOf(run)}>
      <ProofDetails run={run} />
    </Proof>
  );
}
