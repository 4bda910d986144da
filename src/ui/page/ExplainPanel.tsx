import type { ReactNode } from 'react';
import css from './explainPanel.module.css';

interface ExplainPanelProps {
  /** One line: what is explained. */
  readonly hint: string;
  readonly children: ReactNode;
}

/** At the foot of a page: what it shows, for those who do not know it yet. */
export function ExplainPanel({ hint, children }: ExplainPanelProps) {
  return (
    <details className={`panel ${css['explain']}`} open>
      <summary>
        <h2>What is happening</h2>
        <small>{hint}</small>
      </summary>
      {children}
    </details>
  );
}
