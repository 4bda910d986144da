import { expect, it } from 'vitest';
import { flavours, kernelsOn } from './kernels.ts';
import { floatsIn, sharedMemory } from './memory.ts';

it('an engine has the plain module at least', () => {
  expect(flavours()).toContain('plain');
});

it('a module changes nothing of a memory that it comes into, at any size of it', () => {
  for (const pages of [1, 3]) {
    const memory = sharedMemory(pages * 65_536);
    const bytes = new Uint8Array(memory.buffer).fill(7);
    for (const flavour of flavours()) kernelsOn(memory, flavour);
    expect(bytes.every((byte) => byte === 7)).toBe(true);
  }
});

it('kernels work on what has grown since', () => {
  const memory = sharedMemory(65_536);
  const { sumInto } = kernelsOn(memory);
  memory.grow(2);
  const [a, b] = [floatsIn(memory, 131_072, 5).fill(1), floatsIn(memory, 140_000, 5).fill(2)];
  sumInto(a.byteOffset, b.byteOffset, 5);
  expect(a).toEqual(new Float32Array(5).fill(3));
});
