import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { shardRanges } from '#numerics/ranges.ts';
import { VocabularyBar } from './VocabularyBar.tsx';

it('says which rank has which rows, and marks the row of the token', () => {
  const markup = renderToStaticMarkup(<VocabularyBar shares={shardRanges(1000, 3)} id={667} text="␣cat" />);
  expect(markup).toContain(
    'aria-label="The 1,000 rows of the head: rank 0 has rows 0 to 333, rank 1 has rows 334 to 666, ' +
      'rank 2 has rows 667 to 999; ␣cat is row 667, of rank 2"',
  );
  expect(markup).toContain('<b style="left:66.75%"></b>');
  expect(markup.match(/<i data-rank="(\d)" data-owner="true"/)?.[1]).toBe('2');
  expect(markup.replaceAll(/<[^>]*>/g, ' ')).toMatch(/␣cat\s+came: row 667 of 1,000, which rank\s+2\s+has\./);
});

it('names no row of a rank that has none', () => {
  const markup = renderToStaticMarkup(<VocabularyBar shares={shardRanges(1, 2)} id={0} text="a" />);
  expect(markup).toContain('rank 1 has none; a is row 0, of rank 0');
});
