// SharedArrayBuffer, which the ring needs, exists only on a cross-origin isolated page, and a page is isolated only if
// the server says so: https://web.dev/articles/coop-coep. Workers need the headers on their own scripts too.

export const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  // Nothing here is secret, and without this an isolated page, the only kind in whose frames ranks run, may not show us.
  'Cross-Origin-Resource-Policy': 'cross-origin',
  // In a sandboxed frame the page is of no origin, and its own scripts come from elsewhere.
  'Access-Control-Allow-Origin': '*',
};
