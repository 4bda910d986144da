import { expect, it } from 'vitest';
import type { Tensor } from './device.ts';
import { scope } from './scope.ts';

const named = (name: string): Tensor & { name: string } => ({ name, shape: [1], length: 1, dtype: 'f32' });
const [a, b, c] = [named('a'), named('b'), named('c')];

/** A device that tells what it freed. */
function freeing(): { freed: Tensor[]; free: (...gone: Tensor[]) => void } {
  const freed: Tensor[] = [];
  return { freed, free: (...gone) => void freed.push(...gone) };
}

it.each([
  ['what it owns', () => 1, [a, b]],
  ['all but the tensor that it returns', () => b, [a]],
  ['all but the tensors that it returns', () => [b, c], [a]],
])('frees %s', async (_, result, gone) => {
  const [device, slow] = [freeing(), freeing()];
  const made = scope(device, (own) => {
    own(a);
    own(b);
    return result();
  });
  expect(made).toEqual(result());
  expect(device.freed).toEqual(gone);

  const waiting = scope(slow, async (own) => {
    own(a);
    await Promise.resolve();
    own(b);
    return result();
  });
  expect(slow.freed).toEqual([]);
  expect(await waiting).toEqual(result());
  expect(slow.freed).toEqual(gone);
});

it('frees all where something throws, now or later', async () => {
  const [device, slow] = [freeing(), freeing()];
  const broken = new Error('broken');
  expect(() =>
    scope(device, (own) => {
      own(a);
      throw broken;
    }),
  ).toThrow(broken);
  expect(device.freed).toEqual([a]);

  const waiting = scope(slow, async (own) => {
    own(a);
    await Promise.resolve();
    throw broken;
  });
  await expect(waiting).rejects.toBe(broken);
  expect(slow.freed).toEqual([a]);
});
