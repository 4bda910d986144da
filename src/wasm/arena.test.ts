import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Arena } from './arena.ts';
import { sharedMemory } from './memory.ts';

const region = { offset: 100, bytes: 16_384 };
const fixed = () => new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });

it.each([
  { kind: 'is fixed', make: fixed },
  { kind: 'grows', make: () => sharedMemory(65_536) },
])('never hands out the same memory twice, and gets all of it back, where it $kind', ({ make }) => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(3000)), { maxLength: 80 }), (moves) => {
      const memory = make();
      const arena = new Arena(memory, region);
      const held: Float32Array[] = [];
      for (const [release, size] of moves) {
        const victim = held[size % Math.max(1, held.length)];
        if (release && victim !== undefined) {
          arena.release(held.splice(held.indexOf(victim), 1)[0] ?? victim);
          continue;
        }
        const data = arena.allocate(size);
        if (data === null) continue;
        expect(data.byteOffset % 64).toBe(0);
        for (const other of held) {
          const apart =
            data.byteOffset + data.byteLength <= other.byteOffset ||
            other.byteOffset + other.byteLength <= data.byteOffset;
          expect(apart && data.byteOffset !== other.byteOffset).toBe(true);
        }
        held.push(data);
      }
      for (const data of held) arena.release(data);
      const bytes = memory.buffer.byteLength;
      expect(arena.allocate(16_256 / 4)).not.toBeNull(); // from the first multiple of 64 on
      expect(memory.buffer.byteLength).toBe(bytes);
    }),
  );
});

it('keeps what it gave while it grows', () => {
  const memory = sharedMemory(65_536);
  const arena = new Arena(memory, region);
  const first = arena.allocate(4)?.fill(7) ?? new Float32Array();
  const large = arena.allocate(1_000_000);
  expect(large?.byteOffset).toBe(65_536);
  expect(new Float32Array(memory.buffer, first.byteOffset, 4)).toEqual(Float32Array.of(7, 7, 7, 7));
  expect(arena.owns(first)).toBe(true);
  arena.release(first);
  expect(arena.allocate(4)?.byteOffset).toBe(first.byteOffset);
});

it('gives pages to one of those that let a memory grow', () => {
  const memory = sharedMemory(65_536);
  const arenas = [new Arena(memory, region), new Arena(memory, { offset: 32_768, bytes: 16_384 })];
  const places = [0, 1, 0, 1].map((i) => arenas[i]?.allocate(500_000)?.byteOffset ?? 0);
  const sorted = places.toSorted((a, b) => a - b);
  for (const [i, place] of sorted.entries()) {
    expect(place - (sorted[i - 1] ?? 0)).toBeGreaterThanOrEqual(i === 0 ? 65_536 : 2_000_000);
  }
});

it('has an end where the memory has one', () => {
  const arena = new Arena(fixed(), region);
  expect(arena.allocate(5000)).toBeNull();
  expect(arena.allocate(4000)).not.toBeNull();
});

it('does not own, and does not release, what it did not give', () => {
  const arena = new Arena(fixed(), region);
  const data = new Float32Array(4);
  arena.release(data);
  expect(arena.owns(data)).toBe(false);
});
