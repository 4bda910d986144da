/** What the README shows is there: its code is that of an example that runs, its links and commands lead somewhere. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

it('shows code that stands in an example, to the letter', () => {
  const example = 'examples/column-row';
  const files = ['column-row.rank.ts', 'page.ts'].map((file) => read(`${example}/${file}`));
  const blocks = [...read('README.md').matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
  expect(blocks).toHaveLength(2);
  for (const [i, block] of blocks.entries()) expect(files[i]).toContain(block);
});

it.each(documents)('%s links to what is there', (document) => {
  const text = read(document).replace(/`[^`\n]*`/g, ''); // a formula may look like a link
  const links = [...text.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target = '']) => target);
  const missing = links
    .filter((target) => !/^https?:/.test(target))
    .filter((target) => !existsSync(join(root, document, '..', target)));
  expect(missing).toEqual([]);
});

it.each(documents)('%s names commands that there are', (document) => {
  const { scripts } = JSON.parse(read('package.json'));
  const named = [...read(document).matchAll(/npm run ([\w:]+)/g)].map(([, script = '']) => script);
  expect(named.filter((script) => !(script in scripts))).toEqual([]);
});

it('is short, and so is how to contribute', () => {
  const lines = (file: string): number => read(file).trimEnd().split('\n').length;
  expect(lines('README.md')).toBeLessThanOrEqual(120);
  expect(lines('CONTRIBUTING.md')).toBeLessThanOrEqual(60);
});
