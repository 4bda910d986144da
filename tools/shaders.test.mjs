import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withoutComments } from './shaders.mjs';

test('takes comments and indents away, and nothing else', () => {
  const text = '// y = x\n\nfn f(x: f32) -> f32 { // of one\n  return x / 2.0;\n}\n';
  expect(withoutComments(text)).toBe('fn f(x: f32) -> f32 {\nreturn x / 2.0;\n}');
});

test('no shader has a comment of several lines', () => {
  const folder = new URL('../shaders/', import.meta.url);
  const texts = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
  expect(texts.filter((text) => text.includes('/*'))).toEqual([]);
});
