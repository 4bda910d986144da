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

/**
 * The development server sends them with every answer, as headers.mjs does for the built page. Vite's option `headers`
 * leaves them off a 304, and by a 304 without them WebKit judges a worker's script on a reload, whatever its cache says:
 * "its script could not be loaded". So it was in WebKitGTK 2.50.6, though
 * https://bugs.webkit.org/show_bug.cgi?id=245346 has been mended for the cache on disk.
 * @returns {import('vite').Plugin}
 */
export function isolated() {
  return {
    name: 'ringside:isolated',
    configureServer({ middlewares }) {
      middlewares.use((_request, response, next) => {
        for (const [name, value] of Object.entries(isolationHeaders)) response.setHeader(name, value);
        next();
      });
    },
  };
}
