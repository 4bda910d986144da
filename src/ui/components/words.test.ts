import { describe, expect, it } from 'vitest';
import { counted, numberWord, shareOf, timesWord, typed } from './words.ts';

describe('shareOf', () => {
  it.each([
    [[4, 4], '4 columns'],
    [[1, 1], '1 column'],
    [[4, 3, 3], '4 or 3 columns'],
    [[1, 1, 0], '1 or 0 columns'],
    [[2048], '2,048 columns'],
  ])('%j', (lengths, text) => expect(shareOf(lengths, 'column')).toBe(text));
});

it('counts in words', () => {
  expect(counted(1, 'rank')).toBe('1 rank');
  expect(counted(2048, 'column')).toBe('2,048 columns');
  expect([2048, Number.NaN].map(typed)).toEqual(['2,048', '…']);
  expect(counted(Number.NaN, 'token')).toBe('… tokens');
  expect([0, 1, 10, 11].map(numberWord)).toEqual(['no', 'one', 'ten', '11']);
  expect([2, 3].map(timesWord)).toEqual(['twice', '3 times']);
});
