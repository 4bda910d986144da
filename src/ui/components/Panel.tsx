import { type ReactNode, useId } from 'react';

interface PanelProps {
  readonly title: string;
  /** One line: what to do here, or what is shown. */
  readonly hint?: ReactNode;
  /** At the right of the title. */
  readonly action?: ReactNode;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

export function Panel({ title, hint, action, className, children }: PanelProps) {
  const id = useId();
  return (
    <section className={className === undefined ? 'panel' : `panel ${className}`} aria-labelledby={id}>
      <header className="panel-head">
        <h2 id={id}>{title}</h2>
        {hint !== undefined && <small>{hint}</small>}
        {action !== undefined && <div className="panel-action">{action}</div>}
      </header>
      {children}
    </section>
  );
}
