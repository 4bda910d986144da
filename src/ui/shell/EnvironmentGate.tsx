import { type ReactNode, useEffect, useState } from 'react';
import { RELOAD_PATIENCE_MS, readEnvironment, readinessOf } from './environment.ts';
import { Notice } from './Notice.tsx';
import css from './shell.module.css';

/** Renders the page where the ranks can run, and else says in plain words why not and what to do. */
export function EnvironmentGate({ children }: { readonly children: ReactNode }) {
  const [patienceLeft, setPatienceLeft] = useState(true);
  const readiness = readinessOf(readEnvironment(), patienceLeft);
  const waiting = readiness.kind === 'reloading';
  useEffect(() => {
    if (!waiting) return;
    const timer = setTimeout(() => setPatienceLeft(false), RELOAD_PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [waiting]);
  switch (readiness.kind) {
    case 'ready':
      return children;
    case 'reloading':
      return (
        <Notice title="Getting ready" tone="calm">
          <p>
            The page is switching on shared memory, through which the ranks talk, and reloads itself once.
          </p>
        </Notice>
      );
    case 'blocked':
      return (
        <Notice title={readiness.title} tone="problem">
          <p>{readiness.reason}</p>
          <p>{readiness.remedy}</p>
          {readiness.inFrame && (
            <p className={css['notice-actions']}>
              <a className="ghost" href={location.href} target="_blank" rel="noreferrer">
                Open it in a tab of its own
              </a>
            </p>
          )}
        </Notice>
      );
    default:
      return readiness satisfies never;
  }
}
