import { Component, type ReactNode } from 'react';
import { messageOf } from '#base/errors.ts';
import { HOME } from '../url/hash.ts';
import { PageLink } from './PageLink.tsx';
import css from './shell.module.css';

interface NoticeProps {
  readonly title: string;
  readonly children: ReactNode;
  /** calm: something is under way. problem: somebody has to act. */
  readonly tone: 'calm' | 'problem';
}

/** A page that is only a message: what is the matter, and what to do. */
export function Notice({ title, children, tone }: NoticeProps) {
  return (
    <section
      className={`${css['notice']} panel`}
      data-tone={tone}
      role={tone === 'calm' ? 'status' : undefined}
    >
      <h1>{title}</h1>
      {children}
    </section>
  );
}

export function NotFound({ page }: { readonly page: string }) {
  return (
    <Notice title="There is no such page" tone="problem">
      <p>
        The link asks for “{page}”, which Ringside does not have. <PageLink page={HOME}>Go to Split</PageLink>
        , where a matrix product runs on several ranks.
      </p>
    </Notice>
  );
}

interface ErrorBoundaryProps {
  readonly children: ReactNode;
}

/** Shows what broke instead of an empty page. */
export class ErrorBoundary extends Component<
  ErrorBoundaryProps,
  { readonly thrown: { readonly value: unknown } | null }
> {
  override state = { thrown: null as { readonly value: unknown } | null };

  static getDerivedStateFromError(value: unknown) {
    return { thrown: { value } };
  }

  override render(): ReactNode {
    const { thrown } = this.state;
    if (thrown === null) return this.props.children;
    return (
      <Notice title="This page broke" tone="problem">
        <p>It is a fault in Ringside, and not in what you did. The message was:</p>
        <pre className={css['notice-detail']}>{messageOf(thrown.value)}</pre>
        <p className={css['notice-actions']}>
          <button type="button" className="ghost" onClick={() => location.reload()}>
            Reload with these settings
          </button>
          <button type="button" className="ghost" onClick={startAfresh}>
            Start afresh
          </button>
        </p>
      </Notice>
    );
  }
}

function startAfresh(): void {
  location.hash = `#/${HOME}`;
  location.reload();
}
