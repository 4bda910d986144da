import type { ReactNode } from 'react';
import { PHONE, useMediaQuery } from '#ui/components/onScreen.ts';
import css from './frame.module.css';

interface ExplainPanelProps {
  /** One line: what is explained. */
  readonly hint: string;
  readonly children: ReactNode;
}

/** At the foot of a page: what it shows, for those who do not know it yet. */
export function ExplainPanel({ hint, children }: ExplainPanelProps) {
  const onPhone = useMediaQuery(PHONE);
  return (
    <details className={`panel ${css['explain']}`} open={!onPhone}>
      <summary className="unmarked">
        <h2>What is happening</h2>
        <small>{hint}</small>
      </summary>
      {children}
    </details>
  );
}
