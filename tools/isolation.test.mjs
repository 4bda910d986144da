import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isolationHeaders } from './isolation.mjs';

test('static hosts are told the same headers as our own servers send', () => {
  const lines = readFileSync(new URL('../public/_headers', import.meta.url), 'utf8').split('\n');
  const headers = Object.entries(isolationHeaders).map(([name, value]) => `  ${name}: ${value}`);
  expect(lines).toEqual(expect.arrayContaining(headers));
});
