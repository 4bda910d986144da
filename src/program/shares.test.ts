import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lengthOf, type Range } from '../numerics/ranges.ts';
import { expertShares, headShares, vocabShares } from './shares.ts';

const heads = fc
  .record({
    group: fc.integer({ min: 1, max: 16 }),
    kvHeads: fc.integer({ min: 1, max: 16 }),
    worldSize: fc.integer({ min: 1, max: 64 }),
  })
  .map(({ group, kvHeads, worldSize }) => ({ heads: group * kvHeads, kvHeads, group, worldSize }));

/** Consecutive, disjoint and together 0 … total. */
function expectComplete(ranges: readonly Range[], total: number): void {
  let at = 0;
  for (const range of ranges) {
    expect(range.end).toBeGreaterThanOrEqual(range.start);
    if (lengthOf(range) === 0) continue;
    expect(range.start).toBe(at);
    at = range.end;
  }
  expect(at).toBe(total);
}

describe('headShares', () => {
  it('deals every query head to one rank, with the key/value head that it reads', () => {
    fc.assert(
      fc.property(heads, ({ heads, kvHeads, group, worldSize }) => {
        const shares = headShares(heads, kvHeads, worldSize);
        expect(shares).toHaveLength(worldSize);
        expectComplete(
          shares.map(({ query }) => query),
          heads,
        );
        for (const { query, kv } of shares) {
          for (let head = query.start; head < query.end; head++) {
            const read = Math.floor(head / group);
            expect(read >= kv.start && read < kv.end).toBe(true);
          }
          expect(lengthOf(kv) === 0).toBe(lengthOf(query) === 0);
          // A rank's attention is grouped-query attention with a whole group of its own.
          if (lengthOf(kv) > 0) expect(lengthOf(query) % lengthOf(kv)).toBe(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('keeps every key/value head once, and copies it only where ranks are a multiple of them', () => {
    fc.assert(
      fc.property(heads, ({ heads, kvHeads, group, worldSize }) => {
        const held = headShares(heads, kvHeads, worldSize).reduce((sum, { kv }) => sum + lengthOf(kv), 0);
        const copies = worldSize > kvHeads && worldSize % kvHeads === 0 ? worldSize / kvHeads : 1;
        // A copy without a query head to read it is not kept.
        expect(held).toBe(kvHeads * Math.min(copies, group));
      }),
      { numRuns: 500 },
    );
  });

  it('shares as Llama 3 70B is shared on 8 and on 16 ranks', () => {
    expect(headShares(64, 8, 8)[3]).toEqual({ query: { start: 24, end: 32 }, kv: { start: 3, end: 4 } });
    expect(headShares(64, 8, 16)[7]).toEqual({ query: { start: 28, end: 32 }, kv: { start: 3, end: 4 } });
    const lengths = headShares(14, 2, 4).map(({ query, kv }) => [lengthOf(query), lengthOf(kv)]);
    expect(lengths).toEqual([
      [4, 1],
      [3, 1],
      [4, 1],
      [3, 1],
    ]);
    expect(headShares(14, 2, 3).map(({ query }) => lengthOf(query))).toEqual([7, 7, 0]);
  });

  it('refuses key/value heads that do not divide the heads', () => {
    expect(() => headShares(14, 4, 2)).toThrow('4 key/value heads do not divide 14 heads');
  });
});

describe('vocabShares', () => {
  it('is complete, and its true ids are the vocabulary', () => {
    const configs = fc.record({
      vocab: fc.integer({ min: 1, max: 500 }),
      padTo: fc.constantFrom(1, 8, 64, 128),
      worldSize: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(configs, ({ vocab, padTo, worldSize }) => {
        const shares = vocabShares(vocab, padTo, worldSize);
        const padded = shares[0]?.padded ?? 0;
        expectComplete(
          shares.map(({ range }) => range),
          padded,
        );
        expect(shares.reduce((sum, { real }) => sum + real, 0)).toBe(vocab);
        for (const share of shares) {
          expect(share.padded).toBe(padded);
          const true0 = Math.min(share.range.start, vocab);
          expect(share.real).toBe(Math.min(share.range.end, vocab) - true0);
          if (padTo > 1) expect(lengthOf(share.range)).toBe(padded / worldSize);
        }
        if (padTo === 1) expect(padded).toBe(vocab);
        else expect(padded - vocab).toBeLessThan(padTo + worldSize);
      }),
      { numRuns: 500 },
    );
  });
});

it('a padded vocabulary is a multiple of the ranks, and not always of what it is padded to', () => {
  expect(vocabShares(257, 64, 4)[0]?.padded).toBe(320);
  expect(vocabShares(257, 64, 3)[0]?.padded).toBe(321);
  expect(vocabShares(257, 1, 3)[0]?.padded).toBe(257);
});

describe('expertShares', () => {
  it('is complete and balanced', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 64 }), (experts, worldSize) => {
        const shares = expertShares(experts, worldSize);
        expectComplete(shares, experts);
        const lengths = shares.map(lengthOf);
        expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });
});
