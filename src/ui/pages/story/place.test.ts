import { expect, test } from 'vitest';
import { hashOfPlace, linkOf, viewOf } from './place.ts';

test('a link leads to a chapter and its round, and back', () => {
  for (const place of [
    { chapter: 0, round: 1, device: 'auto' },
    { chapter: 3, round: 2, device: 'cpu' },
    { chapter: 9, round: 1, device: 'webgpu' }, // the end
  ] as const) {
    expect(linkOf(hashOfPlace(place), 9)).toEqual(place);
  }
  expect(hashOfPlace({ chapter: 3, round: 1, device: 'auto' })).toBe('#/story?chapter=4');
});

test('what no link of ours says is the nearest that there is', () => {
  const first = { chapter: 0, round: 1, device: 'auto' };
  for (const hash of [
    '',
    '#/story',
    '#/story?chapter=0',
    '#/story?chapter=-3&round=0',
    '#/story?chapter=x&device=tpu',
  ]) {
    expect(linkOf(hash, 9)).toEqual(first);
  }
  expect(linkOf('#/story?chapter=99', 9).chapter).toBe(9);
  expect(viewOf('#/story?sheet=1')).toBe('sheet');
  expect(viewOf('#/story?chapter=2')).toBe('story');
});
