/**
 * Classroom mode: a page shows what is to be looked at, as large as the screen allows, and its keys work wherever the
 * focus is. `present=1` in the address of any page that has it.
 */

import { useEffect, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { pageIdOf, queryOf } from '../url/hash.ts';

const KEY = 'present';
/** The pages that have it. */
const PAGES = ['story', 'split', 'layers'];
/** The screen that the mode is laid out for; on a larger one everything grows. */
const SCREEN = { width: 1280, height: 720 };

export const presenting = createStore<{ readonly on: boolean }>(() => ({
  on: 'location' in globalThis && isAsked(location.hash),
}));

if ('document' in globalThis) {
  const show = ({ on }: { readonly on: boolean }): void => {
    document.documentElement.toggleAttribute('data-presenting', on);
  };
  show(presenting.getState());
  presenting.subscribe(show);
}

export function isPresentable(page: string): boolean {
  return PAGES.includes(page);
}

/** The page's hash as it is written while presenting. */
export function presented(hash: string): string {
  if (!presenting.getState().on || !isPresentable(pageIdOf(hash))) return hash;
  return `${hash}${hash.includes('?') ? '&' : '?'}${KEY}=1`;
}

export function usePresenting(): boolean {
  return useStore(presenting, ({ on }) => on);
}

/** Keeps the mode in step with the address and with the key P. @param onChange the address is to be written anew */
export function usePresentKey(page: string, onChange: () => void): void {
  useEffect(() => {
    const onHash = (): void => presenting.setState({ on: isAsked(location.hash) });
    const onKey = (event: KeyboardEvent): void => {
      const { on } = presenting.getState();
      const leaves = on && event.key === 'Escape' && document.querySelector('dialog[open]') === null;
      if (!leaves && (event.key.toLowerCase() !== 'p' || isWriting(event) || hasModifier(event))) return;
      if (!isPresentable(page)) return;
      presenting.setState({ on: !on });
      onChange();
    };
    addEventListener('hashchange', onHash);
    addEventListener('popstate', onHash);
    addEventListener('keydown', onKey);
    return () => {
      removeEventListener('hashchange', onHash);
      removeEventListener('popstate', onHash);
      removeEventListener('keydown', onKey);
    };
  }, [page, onChange]);
}

/** How many times as large as on the smallest screen everything can be. */
export function useScreenScale(): number {
  return useSyncExternalStore(onResize, () =>
    Math.max(1, Math.floor(20 * Math.min(innerWidth / SCREEN.width, innerHeight / SCREEN.height)) / 20),
  );
}

/** Whether a key is being typed into a field. */
export function isWriting({ target }: Event): boolean {
  return (
    target instanceof Element &&
    target.matches('textarea, input:not([type="radio"], [type="range"], [type="checkbox"]), select')
  );
}

export function hasModifier({ ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return ctrlKey || metaKey || altKey;
}

function onResize(onChange: () => void): () => void {
  addEventListener('resize', onChange);
  return () => removeEventListener('resize', onChange);
}

function isAsked(hash: string): boolean {
  return queryOf(hash).get(KEY) === '1' && isPresentable(pageIdOf(hash));
}
