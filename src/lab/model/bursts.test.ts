import { expect, it } from 'vitest';
import { ahead } from './bursts.ts';

async function* counting(to: number, asked: number[]): AsyncGenerator<number, string> {
  for (let i = 0; i < to; i++) {
    asked.push(i);
    yield i;
  }
  return 'done';
}

it('asks for the next before it gives one out, and ends as what it asks', async () => {
  const asked: number[] = [];
  const numbers = ahead(counting(3, asked));
  expect(asked).toEqual([]);
  expect(await numbers.next()).toEqual({ value: 0, done: false });
  expect(asked).toEqual([0, 1]);
  expect([await numbers.next(), await numbers.next(), await numbers.next()]).toEqual([
    { value: 1, done: false },
    { value: 2, done: false },
    { value: 'done', done: true },
  ]);
});

it('fails where what failed would have come, and not before', async () => {
  async function* failing(): AsyncGenerator<number, void> {
    yield 1;
    throw new Error('no more');
  }
  const numbers = ahead(failing());
  expect(await numbers.next()).toEqual({ value: 1, done: false });
  await new Promise((resolve) => setTimeout(resolve)); // in which it fails, and nobody waits for it yet
  await expect(numbers.next()).rejects.toThrow('no more');
});
