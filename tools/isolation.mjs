// SharedArrayBuffer, which the ring needs, exists only on a cross-origin isolated page, and a page is isolated only if
// the server says so: https://web.dev/articles/coop-coep. Workers need the headers on their own scripts too.

export const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};
