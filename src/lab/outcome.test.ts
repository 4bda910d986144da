import { expect, it } from 'vitest';
import { LabError } from '../base/errors.ts';
import { outcomeOf, valueIn } from './outcome.ts';

/** As a message carries it. */
async function sent(work: () => unknown): Promise<unknown> {
  return valueIn(structuredClone(await outcomeOf(work)));
}

it('gives a value, or throws what was thrown, code and sentence', async () => {
  expect(await sent(() => [1, 2])).toEqual([1, 2]);
  await expect(
    sent(() => {
      throw new LabError('input', 'There is no such thing.');
    }),
  ).rejects.toMatchObject({ name: 'LabError', code: 'input', message: 'There is no such thing.' });
  const bug = sent(() => {
    throw new TypeError('x is not a function');
  });
  await expect(bug).rejects.toThrow('x is not a function');
  await expect(bug).rejects.not.toBeInstanceOf(LabError);
});
