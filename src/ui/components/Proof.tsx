import type { ReactNode } from 'react';
import './lead.css';

interface ProofProps {
  readonly pass: boolean;
  readonly text: ReactNode;
  /** How it was checked, on demand. */
  readonly children: ReactNode;
}

/** The check of the run that is shown. */
export function Proof({ pass, text, children }: ProofProps) {
  return (
    <details className="proof" data-pass={pass}>
      <summary>
        <span aria-hidden="true">{pass ? '✓' : '✗'}</span> {text}
      </summary>
      {children}
    </details>
  );
}

/** Takes the room of the check to come. */
export function ProofToCome({ busy }: { readonly busy: boolean }) {
  return <div className="proof proof-to-come" data-busy={busy} aria-hidden="true" />;
}
