import { createContext, type ReactNode, useContext } from 'react';
import { createPortal } from 'react-dom';

/** Where in the header a page's status goes. */
export const StatusSlot = createContext<HTMLElement | null>(null);

/** Shows its children in the header, whatever page renders it. */
export function HeaderStatus({ children }: { readonly children: ReactNode }) {
  const slot = useContext(StatusSlot);
  return slot === null ? null : createPortal(children, slot);
}
