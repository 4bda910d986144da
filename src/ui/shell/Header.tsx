import { useSyncExternalStore } from 'react';
import { CopyButton } from '../components/CopyButton.tsx';
import { rewrite } from '../url/address.ts';
import { HOME } from '../url/hash.ts';
import { PageLink } from './PageLink.tsx';
import { isPresentable, presenting } from './present.ts';
import { PAGES } from './routes.ts';
import css from './shell.module.css';
import { chooseTheme, currentTheme } from './theme.ts';

interface HeaderProps {
  readonly page: string;
  /** Receives the element in which a page says on what it ran; see StatusSlot. */
  readonly onStatusSlot: (element: HTMLElement | null) => void;
  /** Likewise for the button that lists the page's keys. */
  readonly onKeysSlot: (element: HTMLElement | null) => void;
}

export function Header({ page, onStatusSlot, onKeysSlot }: HeaderProps) {
  return (
    <header className={css['header']}>
      <Brand />
      <nav aria-label="Pages">
        {PAGES.filter(({ aside }) => !aside).map(({ id, label }) => (
          <PageLink key={id} page={id} aria-current={id === page ? 'page' : undefined}>
            {label}
          </PageLink>
        ))}
      </nav>
      <div className={css['header-right']}>
        <div className={css['header-status']} ref={onStatusSlot} />
        {isPresentable(page) && (
          <button
            type="button"
            className={`ghost ${css['present']}`}
            onClick={present}
            title="For a room: key P"
          >
            Present
          </button>
        )}
        <div className={css['header-keys']} ref={onKeysSlot} />
        <CopyButton label="Copy link" text={() => location.href} />
        <ThemeToggle />
      </div>
    </header>
  );
}

function present(): void {
  presenting.setState({ on: true });
  rewrite();
}

function Brand() {
  return (
    <PageLink className={css['brand']} page={HOME}>
      <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
        <g fill="none" strokeWidth="3.6" strokeLinecap="round">
          <path d="M12 3a9 9 0 0 1 7.8 4.5" stroke="var(--r0)" />
          <path d="M21 12a9 9 0 0 1-4.5 7.8" stroke="var(--r1)" />
          <path d="M12 21a9 9 0 0 1-7.8-4.5" stroke="var(--r2)" />
          <path d="M3 12a9 9 0 0 1 4.5-7.8" stroke="var(--r3)" />
        </g>
      </svg>
      <span className={css['brand-name']}>Ringside</span>
    </PageLink>
  );
}

function ThemeToggle() {
  const theme = useSyncExternalStore(onThemeChange, currentTheme);
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      className="ghost"
      onClick={() => chooseTheme(other)}
      aria-label={`Use the ${other} theme`}
    >
      <span aria-hidden="true">◐</span>
      <span className={css['theme-name']}>{other === 'dark' ? 'Dark' : 'Light'}</span>
    </button>
  );
}

function onThemeChange(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
