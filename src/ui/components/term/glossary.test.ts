import { describe, expect, test } from 'vitest';
import { type TermId, termsIn, textPartsOf } from './glossary.ts';

describe('marked texts', () => {
  test('a mark becomes its term, with the words that stand there', () => {
    expect(textPartsOf('A [[rank]] adds [[chunk]]s of [[shard|its part]].')).toEqual([
      'A ',
      { term: 'rank', text: 'rank' },
      ' adds ',
      { term: 'chunk', text: 'chunks' },
      ' of ',
      { term: 'shard', text: 'its part' },
      '.',
    ]);
  });

  test('a text without marks is itself', () => {
    expect(textPartsOf('Nothing here.')).toEqual(['Nothing here.']);
    expect(textPartsOf('')).toEqual([]);
  });

  test('a term that is not there is a mistake of ours', () => {
    expect(() => textPartsOf('[[node]]')).toThrow('no “node”');
  });
});

describe('plain texts', () => {
  test('a term is found where it first stands, in any number, and not inside of a word', () => {
    const known = new Set<TermId>();
    expect(termsIn('Four ranks; a rank has ranked', known)).toEqual([
      'Four ',
      { term: 'rank', text: 'ranks' },
      '; a rank has ranked',
    ]);
    expect(termsIn('rank 0 sends a chunk', known)).toEqual([
      'rank 0 sends a ',
      { term: 'chunk', text: 'chunk' },
    ]);
  });

  test('the longer term is taken', () => {
    expect(termsIn('Row split', new Set())).toEqual([{ term: 'row split', text: 'Row split' }]);
  });
});
