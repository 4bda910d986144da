import { expect, test, vi } from 'vitest';
import { TermPlaces } from './TermPlaces.ts';

test('the first text that has a term defines it, and once that is gone, the next that is drawn', () => {
  const places = new TermPlaces();
  const told = vi.fn();
  places.subscribe(told);
  expect([places.claim('rank', 'a'), places.claim('rank', 'b'), places.claim('rank', 'a')]).toEqual([
    true,
    false,
    true,
  ]);
  places.release('b');
  expect(told).not.toHaveBeenCalled(); // it had none
  places.release('a');
  expect(told).toHaveBeenCalledOnce();
  expect(places.released()).toBe(1);
  expect(places.claim('rank', 'b')).toBe(true);
});

test('what is taken is not defined elsewhere, and what is no longer taken may be', () => {
  const places = new TermPlaces();
  places.claim('rank', 'a');
  places.take(['rank', 'shard'], 'lead');
  expect([places.claim('rank', 'a'), places.claim('shard', 'a')]).toEqual([false, false]);
  places.take(['rank'], 'lead');
  expect([places.claim('rank', 'a'), places.claim('shard', 'a')]).toEqual([false, true]);
});
