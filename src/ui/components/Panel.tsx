import { type ReactNode, type RefObject, useId } from 'react';
import { Defined } from './term/Defined.tsx';

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
        {hint !== undefined && <small>{typeof hint === 'string' ? <Defined text={hint} /> : hint}</small>}
        {action !== undefined && <div className="panel-action">{action}</div>}
      </header>
      {children}
    </section>
  );
}

interface ScrollRegionProps {
  /** What is in it, for those who come to it by key. */
  readonly label: string;
  readonly className?: string | undefined;
  readonly ref?: RefObject<HTMLElement | null>;
  readonly children: ReactNode;
}

/** Content that may be wider than its place scrolls by itself, by key too. */
export function ScrollRegion({ label, className, ref, children }: ScrollRegionProps) {
  return (
    <section
      ref={ref}
      className={className === undefined ? 'scroll-x' : `scroll-x ${className}`}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key (WCAG 2.1.1)
      tabIndex={0}
    >
      {children}
    </section>
  );
}

/** A rank's number on its colour: the number is the cue, the colour only helps. */
export function RankBadge({ rank }: { readonly rank: number }) {
  return (
    <span className="badge" data-rank={rank} title={`rank ${rank}`}>
      {rank}
    </span>
  );
}
