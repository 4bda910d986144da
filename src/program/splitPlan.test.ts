import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lengthOf } from '../numerics/ranges.ts';
import type { Split, SplitConfig } from './split.ts';
import { bufferIndex, planSplit } from './splitPlan.ts';

const configs = fc.record({
  split: fc.constantFrom<Split>('none', 'column', 'row', 'pair'),
  worldSize: fc.integer({ min: 1, max: 8 }),
  m: fc.integer({ min: 1, max: 12 }),
  k: fc.integer({ min: 1, max: 40 }),
  n: fc.integer({ min: 1, max: 40 }),
  bias: fc.boolean(),
  biasOnEveryRank: fc.boolean(),
  gatherOutput: fc.boolean(),
}) satisfies fc.Arbitrary<SplitConfig>;

describe('planSplit', () => {
  it('cuts every weight into shards that are disjoint and complete', () => {
    fc.assert(
      fc.property(configs, (config) => {
        for (const product of planSplit(config).products) {
          const elements = product.shards.map((shard) => lengthOf(shard.w.rows) * lengthOf(shard.w.cols));
          const held = elements.reduce((sum, count) => sum + count, 0);
          const copies = product.layer === 'whole' ? config.worldSize : 1;
          expect(held).toBe(product.inFeatures * product.outFeatures * copies);
          const flops = product.shards.reduce((sum, shard) => sum + shard.flops, 0);
          expect(flops).toBe(2 * product.rows * product.inFeatures * product.outFeatures * copies);
          for (const shard of product.shards) {
            // A product's operands fit: x's columns meet the weight's in-features, y's columns its out-features.
            expect(shard.x.cols).toEqual(shard.w.cols);
            expect(shard.y.cols).toEqual(shard.w.rows);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('a pair hands each rank’s columns of H to its rows of B, without communication between', () => {
    fc.assert(
      fc.property(configs, (config) => {
        const { products } = planSplit({ ...config, split: 'pair' });
        for (let rank = 0; rank < config.worldSize; rank++) {
          expect(products[1]?.shards[rank]?.x).toEqual(products[0]?.shards[rank]?.y);
        }
      }),
    );
  });

  it('plans a collective exactly where ranks have something to exchange', () => {
    const config: SplitConfig = {
      split: 'row',
      worldSize: 3,
      m: 2,
      k: 5,
      n: 7,
      bias: true,
      biasOnEveryRank: false,
      gatherOutput: true,
    };
    expect(planSplit(config).collective).toMatchObject({ kind: 'all_reduce', length: 14 });
    expect(planSplit({ ...config, split: 'pair' }).collective).toMatchObject({
      kind: 'all_reduce',
      length: 10,
    });
    const column = planSplit({ ...config, split: 'column' });
    expect(column.collective).toMatchObject({ kind: 'all_gather', length: 14 });
    expect(column.collective?.chunks.map(lengthOf)).toEqual([6, 4, 4]);
    const apart = planSplit({ ...config, split: 'column', gatherOutput: false });
    expect(apart).toMatchObject({ collective: null, replicated: false });
    expect(planSplit({ ...config, split: 'none' })).toMatchObject({ collective: null, replicated: true });
  });

  it('bufferIndex puts every element of Y into one place of the collective’s buffer', () => {
    fc.assert(
      fc.property(configs, (config) => {
        const plan = planSplit(config);
        const places = new Set<number>();
        for (let row = 0; row < plan.output.rows; row++) {
          for (let col = 0; col < plan.output.cols; col++) places.add(bufferIndex(plan, row, col));
        }
        const count = plan.output.rows * plan.output.cols;
        expect(places.size).toBe(count);
        expect(Math.max(...places)).toBe(count - 1);
      }),
    );
  });
});
