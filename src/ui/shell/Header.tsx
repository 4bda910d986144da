import { CopyButton } from '../components/CopyButton.tsx';
import { Brand } from './Brand.tsx';
import { PageLink } from './PageLink.tsx';
import { PAGES } from './routes.ts';
import { ThemeToggle } from './ThemeToggle.tsx';

interface HeaderProps {
  readonly page: string;
  /** Receives the element in which a page says on what it ran; see StatusSlot. */
  readonly onStatusSlot: (element: HTMLElement | null) => void;
}

export function Header({ page, onStatusSlot }: HeaderProps) {
  return (
    <header className="header">
      <Brand />
      <nav aria-label="Pages">
        {PAGES.map(({ id, label }) => (
          <PageLink key={id} page={id} aria-current={id === page ? 'page' : undefined}>
            {label}
          </PageLink>
        ))}
      </nav>
      <div className="header-right">
        <div className="header-status" ref={onStatusSlot} />
        <CopyButton label="Copy link" text={() => location.href} />
        <ThemeToggle />
      </div>
    </header>
  );
}
