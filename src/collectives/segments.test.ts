import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lengthOf, shardRanges } from '../numerics/ranges.ts';
import { planSegments, SLOTS, segmentRange, ticketNumber, tickets } from './segments.ts';

const plans = fc
  .record({
    length: fc.nat(5000),
    n: fc.integer({ min: 1, max: 8 }),
    slot: fc.integer({ min: 8, max: 700 }),
    rounds: fc.nat(14),
  })
  .map(({ length, n, slot, rounds }) => ({
    length,
    n,
    slot,
    plan: planSegments(shardRanges(length, n), slot, rounds),
  }));

describe('segments', () => {
  it('cover every element of every chunk once, and fit a slot', () => {
    fc.assert(
      fc.property(plans, ({ length, n, slot, plan }) => {
        let covered = 0;
        for (let chunk = 0; chunk < n; chunk++) {
          let at = plan.chunks[chunk]?.start ?? 0;
          for (let segment = 0; segment < plan.segments; segment++) {
            const range = segmentRange(plan, chunk, segment);
            expect(range.start).toBe(at);
            expect(lengthOf(range)).toBeLessThanOrEqual(plan.stride);
            at = range.end;
            covered += lengthOf(range);
          }
          expect(at).toBe(plan.chunks[chunk]?.end);
        }
        expect(covered).toBe(length);
        expect(plan.stride * n).toBeLessThanOrEqual(slot);
      }),
    );
  });

  it('number their tickets 1, 2, 3 … in the order of execution', () => {
    fc.assert(
      fc.property(plans, ({ plan }) => {
        const numbers = [...tickets(plan)].map(({ segment, round }) => ticketNumber(plan, segment, round));
        expect(numbers).toEqual(Array.from({ length: plan.segments * (plan.rounds + 1) }, (_, i) => i + 1));
      }),
    );
  });

  it('keep at most SLOTS segments in flight, each in a slot of its own', () => {
    const plan = planSegments(shardRanges(100, 4), 8, 6);
    const open = new Set<number>();
    for (const { segment, round } of tickets(plan)) {
      if (round === 0) open.add(segment);
      expect(new Set([...open].map((s) => s % SLOTS)).size).toBe(open.size);
      if (round === plan.rounds) open.delete(segment);
    }
    expect(open.size).toBe(0);
  });
});
