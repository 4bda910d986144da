import type { ReactNode } from 'react';
import css from './fields.module.css';

interface FoldProps {
  readonly title: string;
  /** What of it is not as it comes; empty where nothing is. */
  readonly changed: string;
  readonly children: ReactNode;
}

/** Controls that most leave as they are. */
export function Fold({ title, changed, children }: FoldProps) {
  return (
    <details className={css['fold']}>
      <summary>
        {title} {changed !== '' && <span>{changed}</span>}
      </summary>
      <div>{children}</div>
    </details>
  );
}
