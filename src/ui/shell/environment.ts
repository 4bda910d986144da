/** Whether the ranks can run here at all, and what to do where they cannot. */

export interface Environment {
  readonly crossOriginIsolated: boolean;
  /** https, or localhost. */
  readonly secure: boolean;
  readonly sharedMemory: boolean;
  readonly workers: boolean;
  /** Where the host sends no isolation headers, a service worker adds them and reloads the page once. */
  readonly serviceWorker: 'none' | 'coming' | 'in control';
  /** Whether the page stands in a frame of another. */
  readonly framed: boolean;
}

export type Readiness =
  | { readonly kind: 'ready' }
  /** The service worker is about to reload the page. */
  | { readonly kind: 'reloading' }
  | Blocked;

interface Blocked {
  readonly kind: 'blocked';
  readonly title: string;
  readonly reason: string;
  readonly remedy: string;
  /** Whether it may run in a tab of its own. */
  readonly inFrame: boolean;
}

/** How long a service worker may take to reload the page before we say that it does not work. */
export const RELOAD_PATIENCE_MS = 6000;

export function readEnvironment(): Environment {
  return {
    crossOriginIsolated: globalThis.crossOriginIsolated === true, // missing in Safari before 15.2
    secure: isSecureContext,
    sharedMemory: 'SharedArrayBuffer' in globalThis,
    workers: 'Worker' in globalThis,
    serviceWorker: serviceWorkerState(),
    framed: window !== window.top,
  };
}

/** Missing in some private windows; in a sandboxed frame even to ask for it throws. */
function serviceWorkerState(): Environment['serviceWorker'] {
  try {
    if (!('serviceWorker' in navigator) || navigator.serviceWorker === undefined) return 'none';
    return navigator.serviceWorker.controller === null ? 'coming' : 'in control';
  } catch {
    return 'none';
  }
}

export function readinessOf(environment: Environment, patienceLeft: boolean): Readiness {
  const { crossOriginIsolated: isolated, secure, sharedMemory, workers, serviceWorker, framed } = environment;
  if (!workers) {
    return blocked(
      'This browser has no Web Workers',
      'Each rank is a Web Worker, so there is nothing to run the ranks in.',
      'A current Chrome, Edge, Firefox or Safari has them.',
    );
  }
  if (isolated && sharedMemory) return { kind: 'ready' };
  if (isolated) {
    return blocked(
      'This browser has no SharedArrayBuffer',
      'The ranks pass their chunks through shared memory, and it is missing or switched off here.',
      'A current Chrome, Edge, Firefox or Safari has it.',
    );
  }
  if (framed) {
    // Before what else may be wrong: in a frame it cannot be told whose fault it is, and in a tab it will be.
    return {
      ...blocked(
        'The page around this one is not isolated',
        'The ranks talk through shared memory, which browsers allow in a frame only where the page around it is cross-origin isolated too and lets it be, with allow="cross-origin-isolated".',
        'In a tab of its own this page needs nobody’s leave.',
      ),
      inFrame: true,
    };
  }
  if (!secure) {
    return blocked(
      'This page needs https or localhost',
      `Browsers allow shared memory, through which the ranks talk, only in a secure context. This page came over plain http.`,
      'Open it over https, or run “npm start” and use the localhost address that it prints.',
    );
  }
  if (serviceWorker === 'coming' && patienceLeft) return { kind: 'reloading' };
  return blocked(
    'This page is not cross-origin isolated',
    'The ranks talk through shared memory, which browsers allow only on isolated pages, and this host does not isolate its pages.',
    'Serve it with the headers “Cross-Origin-Opener-Policy: same-origin” and “Cross-Origin-Embedder-Policy: require-corp”, as “npm start” does, or leave private browsing, where the page cannot add them by itself.',
  );
}

function blocked(title: string, reason: string, remedy: string): Blocked {
  return { kind: 'blocked', title, reason, remedy, inFrame: false };
}
