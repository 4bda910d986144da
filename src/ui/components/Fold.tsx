import { type ReactNode, useState } from 'react';
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
      <summary className="unmarked">
        {title} {changed !== '' && <span>{changed}</span>}
      </summary>
      <div>{children}</div>
    </details>
  );
}

interface DisclosureProps {
  readonly title: string;
  /** Whether it is open at first. */
  readonly open?: boolean;
  /** Made only while it is open. */
  readonly children: () => ReactNode;
}

/** At the foot of a panel: its numbers, as a table. */
export function Disclosure({ title, open: first = false, children }: DisclosureProps) {
  const [open, setOpen] = useState(first);
  return (
    <details
      className={css['disclosure']}
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>{title}</summary>
      {open && children()}
    </details>
  );
}
