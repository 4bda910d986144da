import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { TextPart } from './glossary.ts';
import { TextParts } from './Term.tsx';

const html = (of: readonly TextPart[]) => renderToStaticMarkup(<TextParts of={of} />);
const shard: TextPart = { term: 'shard', text: 'shard' };

test('no mark is lost, whether the words before it are a term or not', () => {
  const shown = (of: readonly TextPart[]) => html(of).replaceAll(/<[^>]*>/g, '');
  expect(shown(['A ', shard, ', the rest (a ', shard, ').'])).toBe('A shard, the rest (a shard).');
  expect(shown(['a rank', '’s ', 'shard', ', the outline'])).toBe('a rank’s shard, the outline');
  expect(shown([', and'])).toBe(', and');
  expect(shown([shard, shard])).toBe('shardshard');
});

test('a mark that closes a term is in what does not break', () => {
  expect(html(['(', shard, ').'])).toMatch(/^\(<span[^>]*>.*shard<\/button><\/span>\)\.<\/span>$/);
});
