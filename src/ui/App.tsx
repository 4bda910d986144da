import { Suspense, useMemo, useState } from 'react';
import { DefinedOnce } from './components/term/Defined.tsx';
import { TermPlaces } from './components/term/TermPlaces.ts';
import { KeysSlot } from './page/KeysDialog.tsx';
import { StatusSlot } from './page/PageFrame.tsx';
import { EnvironmentGate } from './shell/EnvironmentGate.tsx';
import { Header } from './shell/Header.tsx';
import { ErrorBoundary, NotFound } from './shell/Notice.tsx';
import { usePresentKey } from './shell/present.ts';
import { PAGES } from './shell/routes.ts';
import css from './shell/shell.module.css';
import { useHash, usePageChange } from './shell/usePageChange.ts';
import { rewrite } from './url/address.ts';
import { pageIdOf } from './url/hash.ts';

/** The frame of every page: header, skip link, and one of the pages. */
export function App() {
  const id = useHash(pageIdOf);
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const [keysSlot, setKeysSlot] = useState<HTMLElement | null>(null);
  const entry = PAGES.find((page) => page.id === id);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page defines its words anew
  const places = useMemo(() => new TermPlaces(), [id]);
  usePresentKey(id, rewrite);
  usePageChange(id, entry?.label ?? 'Not found');
  return (
    <StatusSlot value={slot}>
      <button
        type="button"
        className={`primary ${css['skip-link']}`}
        onClick={() => document.getElementById('main')?.focus()}
      >
        Skip to the content
      </button>
      <button
        type="button"
        className={`primary ${css['skip-link']}`}
        onClick={() =>
          document.querySelector<HTMLElement>('[role=slider][aria-label="Moment of the run"]')?.focus()
        }
      >
        Skip to the moments of the run
      </button>
      <Header page={id} onStatusSlot={setSlot} onKeysSlot={setKeysSlot} />
      <main id="main" className={css['main']} tabIndex={-1}>
        <ErrorBoundary key={id}>
          {entry === undefined ? (
            <NotFound page={id} />
          ) : (
            <EnvironmentGate>
              <Suspense fallback={null}>
                <DefinedOnce value={places}>
                  <KeysSlot value={keysSlot}>
                    <entry.Page />
                  </KeysSlot>
                </DefinedOnce>
              </Suspense>
            </EnvironmentGate>
          )}
        </ErrorBoundary>
      </main>
      {import.meta.env.PROD && (
        <footer className={css['footer']}>
          <a href="licences.txt">Licences</a> of Ringside and of what it is made of
        </footer>
      )}
    </StatusSlot>
  );
}
