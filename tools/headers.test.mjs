import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { headersFile, headersOf, policyOf } from './headers.mjs';

const SCRIPT = '\n  const dark = 1 < 2;\n';
const HTML = `<head><script>${SCRIPT}</script><script type="module" src="./a.js"></script></head>`;
const HASH = `'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`;

test('scripts come from our own files, or are in the page word for word', () => {
  expect(policyOf(HTML, 'page')).toContain(`; script-src 'self' 'wasm-unsafe-eval' ${HASH}; `);
  expect(policyOf(HTML, 'page')).not.toMatch(/'unsafe/);
  expect(policyOf('<script src="a.js"></script>', 'page')).toContain(
    "; script-src 'self' 'wasm-unsafe-eval'; ",
  );
});

test('workers may connect to what a visitor typed, and the page’s own thread to itself alone', () => {
  expect(policyOf(HTML, 'page')).toContain("; connect-src 'self'; ");
  expect(policyOf(HTML, 'worker')).toContain("; connect-src 'self' https:; ");
  const rest = (/** @type {string} */ policy) => policy.replace(/connect-src[^;]*/, '');
  expect(rest(policyOf(HTML, 'worker'))).toBe(rest(policyOf(HTML, 'page')));
});

test('the ends of lines on Windows change no hash, as in a browser', () => {
  expect(policyOf(HTML.replaceAll('\n', '\r\n'), 'page')).toBe(policyOf(HTML, 'page'));
});

test('static hosts are told the same as our own servers send', () => {
  const lines = headersFile(HTML).split('\n');
  const headers = Object.entries(headersOf(HTML)).map(([name, value]) => `  ${name}: ${value}`);
  expect(lines.slice(0, headers.length + 2)).toEqual(['/*', ...headers, '']);
});

test('the page is isolated, and may stand in a frame', () => {
  const headers = headersOf(HTML);
  expect(headers).toMatchObject({
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'cross-origin',
  });
  expect(JSON.stringify(headers)).not.toMatch(/frame-ancestors|x-frame-options/i);
});

test('no file is taken for another kind, no address is told elsewhere, and no feature can be asked for', () => {
  expect(headersOf(HTML)).toMatchObject({
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), midi=(), payment=(), usb=()',
  });
});

test('every inline script of the page is found', () => {
  const html = readFileSync(new URL('../index.html', import.meta.url), 'utf8');
  const inline = html.match(/<script>/g) ?? [];
  expect(inline.length).toBeGreaterThan(0);
  expect(policyOf(html, 'page').match(/'sha256-/g)).toHaveLength(inline.length);
});
