import type { ComponentProps } from 'react';
import { useStore } from 'zustand';
import { leave, places } from '../url/address.ts';

interface PageLinkProps extends Omit<ComponentProps<'a'>, 'href' | 'onClick'> {
  /** The page's id. */
  readonly page: string;
}

/** Leads to where the page was left, and to its beginning where it has not been opened yet. */
export function PageLink({ page, ...others }: PageLinkProps) {
  const place = useStore(places, (all) => all[page]);
  return <a {...others} href={place ?? `#/${page}`} onClick={leave} />;
}
