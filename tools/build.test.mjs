// Builds the page, and asks its source maps, which know every module that is left in it, whose licences there must be.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { headersFile, policyOf } from './headers.mjs';
import { LICENCES_FILE } from './licences.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const site = mkdtempSync(join(tmpdir(), 'ringside-site-'));
const read = (/** @type {string} */ file) => readFileSync(join(site, file), 'utf8');

beforeAll(async () => {
  await build({
    root,
    logLevel: 'error',
    build: { outDir: site, emptyOutDir: true, sourcemap: true, reportCompressedSize: false },
  });
}, 240_000); // where cores are few and busy

afterAll(() => rmSync(site, { recursive: true }));

/** Names of the packages from which a script in the build has modules. */
function packagesIn(/** @type {string} */ script) {
  const { sources } = JSON.parse(read(`assets/${script}.map`));
  return sources.flatMap((/** @type {string} */ source) => {
    const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source) ?? [];
    return name ?? [];
  });
}

/** name → the text of its licences. */
function licencesIn(/** @type {string} */ text) {
  const sections = text.split(/^={80}\n(.*)\n={80}\n/m).slice(1);
  return new Map(
    sections.flatMap((title, i) => (i % 2 === 0 ? [[title.split(' ')[0], sections[i + 1] ?? '']] : [])),
  );
}

test('every package that is in the build is there with its licence, and nothing that is not shipped', () => {
  const scripts = readdirSync(join(site, 'assets')).filter((file) => file.endsWith('.js'));
  const shipped = new Set(scripts.flatMap(packagesIn));
  expect([...shipped]).toEqual(expect.arrayContaining(['react-dom', 'recharts', 'comlink', 'd3-scale']));
  const needed = [
    ...shipped,
    '@fontsource-variable/inter', // fonts are no modules
    '@fontsource-variable/jetbrains-mono',
    '@fontsource/noto-sans-math',
    'coi-serviceworker',
    'vite',
    'rolldown',
    'Ringside',
  ];
  const found = licencesIn(read(LICENCES_FILE));
  expect(needed.filter((name) => !found.has(name))).toEqual([]);
  expect([...found.keys()]).not.toContain('vitest');
  for (const [name, text] of found) expect(text, name).toMatch(/permi(t|ssion)|licen[cs]ed under/i);
});

test('what makes a tokenizer, and a template, is in the worker of text alone', () => {
  const scripts = readdirSync(join(site, 'assets')).filter((file) => file.endsWith('.js'));
  const owners = scripts.filter((script) =>
    packagesIn(script).some((/** @type {string} */ name) => name.startsWith('@huggingface/')),
  );
  expect(owners).toEqual([expect.stringMatching(/^text\.worker-/)]);
});

test('the policy is in the page as it is in the headers, and fits the page as it was built', () => {
  const html = read('index.html');
  const policy = policyOf(html, 'page');
  expect(html).toContain(`<meta http-equiv="Content-Security-Policy" content="${policy}" />`);
  expect(read('_headers')).toBe(headersFile(html));
  expect(html.indexOf('http-equiv')).toBeLessThan(html.indexOf('<script'));
  expect(html.indexOf('charset')).toBeLessThan(html.indexOf('http-equiv'));
});
