// The headers with which the page is served, in one place: our own servers send them, and the build writes them down for
// static hosts, in a file `_headers` as Netlify and Cloudflare read it.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isolationHeaders } from './isolation.mjs';

const SELF = "'self'";
const NONE = "'none'";

/**
 * Where who may connect to. Only workers read models, from any address that a visitor typed or followed; the page's own
 * thread connects to nobody else. Each goes by all policies that it is given: the page by that in its headers and that in
 * its text, a worker by that in the headers of its script.
 */
const CONNECT = { page: [SELF], worker: [SELF, 'https:'] };

/**
 * Features of a browser that nothing here uses: no script, were it ever a stranger's, can ask the visitor for them. Only
 * those that all browsers know, for they warn of others.
 */
const UNUSED_FEATURES = ['camera', 'geolocation', 'microphone', 'midi', 'payment', 'usb'];

/**
 * What a page with this text may load, run and reach. WebAssembly is what the CPU's kernels and the collectives are made
 * of. There is no `frame-ancestors`: lessons may embed it.
 * @param {string} html
 * @param {'page' | 'worker'} who goes by it: the page alone, or workers too
 */
export function policyOf(html, who) {
  return Object.entries({
    'default-src': [SELF],
    'script-src': [
      SELF,
      "'wasm-unsafe-eval'",
      ...inlineScripts(html).map((script) => `'sha256-${sha256(script)}'`),
    ],
    'connect-src': CONNECT[who],
    'frame-src': [NONE],
    'object-src': [NONE],
    'base-uri': [NONE],
    'form-action': [NONE],
  })
    .map(([directive, sources]) => [directive, ...sources].join(' '))
    .join('; ');
}

/**
 * All that is sent with a page with this text, and with every file beside it: workers go by the policy of their own
 * script.
 * @param {string} html
 * @returns {Record<string, string>}
 */
export function headersOf(html) {
  return {
    ...isolationHeaders,
    'Content-Security-Policy': policyOf(html, 'worker'),
    'Permissions-Policy': UNUSED_FEATURES.map((name) => `${name}=()`).join(', '),
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  };
}

/** Of files whose names are made of what is in them: a browser that has one need not ask for it again. */
const FOREVER = 'public, max-age=31536000, immutable';

/**
 * The text of `_headers`.
 * @param {string} html
 */
export function headersFile(html) {
  const always = Object.entries(headersOf(html)).map(([name, value]) => `  ${name}: ${value}\n`);
  return `/*\n${always.join('')}\n/assets/*\n  Cache-Control: ${FOREVER}\n`;
}

/**
 * Puts the headers into the build, and the page's policy into the page: a host that cannot send headers, GitHub Pages for
 * one, has that alone, and elsewhere it is the narrower one. `vite preview` sends what the build in its folder asks for. The development server sends no policy, for
 * what it puts into the page (inline scripts, style elements) would break it.
 * @returns {import('vite').Plugin}
 */
export function servedHeaders() {
  return {
    name: 'ringside:headers',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const page = bundle['index.html'];
        if (page?.type !== 'asset') return;
        const html = String(page.source);
        const charset = /<meta charset=[^>]*>/;
        if (!charset.test(html)) this.error('index.html has no <meta charset>, after which the policy goes.');
        page.source = html.replace(
          charset,
          (meta) =>
            `${meta}\n    <meta http-equiv="Content-Security-Policy" content="${policyOf(html, 'page')}" />`,
        );
        this.emitFile({ type: 'asset', fileName: '_headers', source: headersFile(html) });
      },
    },
    configurePreviewServer({ middlewares, config }) {
      const folder = resolve(config.root, config.build.outDir);
      const path = join(folder, 'index.html');
      if (!existsSync(path)) throw new Error(`${path} is not there. Build it first: npm run build.`);
      let html = '';
      middlewares.use((request, response, next) => {
        if (existsSync(path)) html = readFileSync(path, 'utf8'); // each time, for it may be built anew
        for (const [name, value] of Object.entries(headersOf(html))) response.setHeader(name, value);
        const { pathname } = new URL(request.url ?? '/', 'http://localhost');
        // What is not there may be there after the next build.
        if (pathname.startsWith('/assets/') && existsSync(join(folder, pathname))) {
          response.setHeader('Cache-Control', FOREVER);
        }
        next();
      });
    },
  };
}

/**
 * As a parser of HTML has them, to which every line ends alike.
 * @param {string} html
 */
function inlineScripts(html) {
  const scripts = html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>(.*?)<\/script>/gs);
  return [...scripts].map(([, text = '']) => text.replaceAll('\r\n', '\n'));
}

/** @param {string} text */
function sha256(text) {
  return createHash('sha256').update(text).digest('base64');
}
