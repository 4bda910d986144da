import { useSplit } from '../useSplit.ts';
import { ProofDetails } from './ProofDetails.tsx';
import { proofOf } from './proof.ts';
import { useIdle } from './useIdle.ts';

/** The check of the run that is shown, and on demand how it was made. */
export function Proof() {
  const run = useSplit((state) => state.run);
  const problem = useSplit((state) => state.problem);
  const idle = useIdle();
  if (run === null) {
    return problem === null ? (
      <div className="proof proof-to-come" data-busy={!idle} aria-hidden="true" />
    ) : null;
  }
  const { pass, text } = proofOf(run);
  return (
    <details className="proof" data-pass={pass}>
      <summary>
        <span aria-hidden="true">{pass ? '✓' : '✗'}</span> {text}
      </summary>
      <ProofDetails run={run} />
    </details>
  );
}
