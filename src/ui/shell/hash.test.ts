import { expect, it } from 'vitest';
import { pageIdOf, queryOf } from './hash.ts';

it.each([
  ['', 'split'],
  ['#', 'split'],
  ['#/', 'split'],
  ['#/split', 'split'],
  ['#/split?ranks=3', 'split'],
  ['#/split/?ranks=3', 'split'],
  ['#/layers?x=1', 'layers'],
  ['#?ranks=3', 'split'],
])('the hash %j names %s', (hash, id) => expect(pageIdOf(hash)).toBe(id));

it('reads the query behind the page', () => {
  expect(queryOf('#/split?ranks=3&at=2').get('ranks')).toBe('3');
  expect([...queryOf('#/split').keys()]).toEqual([]);
});
