import { expect, test, vi } from 'vitest';
import { TermPlaces } from './TermPlaces.ts';

test('the first text that has a term defines it, and once that is gone, the next', () => {
  const places = new TermPlaces();
  places.put('a', { terms: ['rank'], insists: false });
  places.put('b', { terms: ['rank', 'shard'], insists: false });
  expect([places.termsOf('a'), places.termsOf('b')]).toEqual(['rank', 'shard']);
  const told = vi.fn();
  places.subscribe(told);
  places.remove('a');
  expect(told).toHaveBeenCalledOnce();
  expect([places.termsOf('a'), places.termsOf('b')]).toEqual(['', 'rank,shard']);
});

test('a text that changes stays where it is among the others', () => {
  const places = new TermPlaces();
  places.put('a', { terms: [], insists: false });
  places.put('b', { terms: ['rank'], insists: false });
  places.put('a', { terms: ['rank'], insists: false });
  expect([places.termsOf('a'), places.termsOf('b')]).toEqual(['rank', '']);
});

test('what a text insists on is not defined elsewhere, and what it no longer has may be', () => {
  const places = new TermPlaces();
  places.put('a', { terms: ['rank', 'shard'], insists: false });
  places.put('lead', { terms: ['rank', 'shard'], insists: true });
  expect([places.termsOf('a'), places.termsOf('lead')]).toEqual(['', 'rank,shard']);
  places.put('lead', { terms: ['rank'], insists: true });
  expect([places.termsOf('a'), places.termsOf('lead')]).toEqual(['shard', 'rank']);
});
