import type { ReactNode, RefObject } from 'react';

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
