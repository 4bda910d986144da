import type { ReactNode } from 'react';

interface NoticeProps {
  readonly title: string;
  readonly children: ReactNode;
  /** calm: something is under way. problem: somebody has to act. */
  readonly tone: 'calm' | 'problem';
}

/** A page that is only a message: what is the matter, and what to do. */
export function Notice({ title, children, tone }: NoticeProps) {
  return (
    <section className="notice panel" data-tone={tone} role={tone === 'calm' ? 'status' : undefined}>
      <h1>{title}</h1>
      {children}
    </section>
  );
}
