import fc from 'fast-check';
import { expect, it } from 'vitest';
import { allocateGroup, attachGroup } from '../group/memory.ts';
import { Arena } from './arena.ts';

it('never hands out the same memory twice, and gets all of it back', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(3000)), { maxLength: 80 }), (moves) => {
      const group = attachGroup(allocateGroup(2, { arenaBytes: 16_384, slotBytes: 64, mailboxBytes: 64 }));
      const arena = new Arena(group, 1);
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
      expect(arena.allocate(16_384 / 4)).not.toBeNull();
    }),
  );
});

it('does not own, and does not release, what it did not give', () => {
  const arena = new Arena(attachGroup(allocateGroup(1)), 0);
  const data = new Float32Array(4);
  arena.release(data);
  expect(arena.owns(data)).toBe(false);
});
