import { Proof, ProofToCome } from '#ui/components/Proof.tsx';
import { useSplit } from '../useSplit.ts';
import { ProofDetails } from './ProofDetails.tsx';
import { proofOf } from './proof.ts';

/** The check of the run that is shown, and on demand how it was made. */
export function SplitProof() {
  const run = useSplit((state) => state.run);
  const problem = useSplit((state) => state.problem);
  const idle = useSplit((state) => state.phase === 'idle');
  if (run === null) return problem === null ? <ProofToCome busy={!idle} /> : null;
  return (
    <Proof {...proofOf(run)}>
      <ProofDetails run={run} />
    </Proof>
  );
}
