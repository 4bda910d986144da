import { HOME } from '../url/hash.ts';
import { PageLink } from './PageLink.tsx';

export function Brand() {
  return (
    <PageLink className="brand" page={HOME}>
      <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
        <g fill="none" strokeWidth="3.6" strokeLinecap="round">
          <path d="M12 3a9 9 0 0 1 7.8 4.5" stroke="var(--r0)" />
          <path d="M21 12a9 9 0 0 1-4.5 7.8" stroke="var(--r1)" />
          <path d="M12 21a9 9 0 0 1-7.8-4.5" stroke="var(--r2)" />
          <path d="M3 12a9 9 0 0 1 4.5-7.8" stroke="var(--r3)" />
        </g>
      </svg>
      <span className="brand-name">Ringside</span>
    </PageLink>
  );
}
