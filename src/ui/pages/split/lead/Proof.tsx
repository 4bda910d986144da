import { useSplit } from '../useSplit.ts';
import { ProofDetails } from './ProofDetails.tsx';
import { proofOf } from './proof.ts';

/** The check of the run that is shown, and on demand how it was made. */
export function Proof() {
  const run = useSplit((state) => state.run);
  if (run === null) return <div className="proof proof-to-come" aria-hidden="true" />;
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
