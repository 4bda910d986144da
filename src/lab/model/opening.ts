/** Opening a model on ranks: what the store tells of it meanwhile. A part of the store of its own. */

import { factsOf, loadingOf } from './facts.ts';
import type { ModelFolder } from './folder.ts';
import type { ModelParams } from './params.ts';
import type { ModelSession } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { ModelState } from './state.ts';

interface OpeningOptions {
  readonly get: () => ModelState;
  readonly set: (patch: Partial<ModelState>) => void;
  readonly sessions: Sessions;
}

/** @returns what opens the session of some parameters, or has it already; the signal ends the opening, and no session */
export function createOpening({ get, set, sessions }: OpeningOptions) {
  return async (params: ModelParams, signal: AbortSignal): Promise<ModelSession> => {
    // Its end closes the ranks: so it goes by the signal of this text only until they are there.
    const opening = new AbortController();
    const abort = (): void => opening.abort();
    signal.addEventListener('abort', abort);
    let startMs = performance.now();
    let folder = null as ModelFolder | null;
    try {
      const session = await sessions.for(params, opening.signal, {
        onReading() {
          set({ phase: 'starting', doing: 'reading', alive: false, loading: null, inspected: null });
          set({ started: params.ranks });
        },
        onFolder(read) {
          folder = read;
          if (get().turns.length === 0) set({ folder });
        },
        onStarting() {
          startMs = performance.now();
          set({ phase: 'starting', doing: 'starting', alive: false, warnings: [] });
        },
        onLoading: (ranks) =>
          set({ doing: 'loading', loading: loadingOf(ranks, performance.now() - startMs) }),
        // The reader of the folder and the ranks may say the same.
        onWarning: (sentence) => set({ warnings: [...new Set([...get().warnings, sentence])] }),
      });
      // Only now: a text that is there tells of the ranks and the model that wrote it until others are.
      if (folder !== null) set({ folder, loaded: factsOf(session, performance.now() - startMs) });
      set({ alive: true });
      return session;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  };
}
