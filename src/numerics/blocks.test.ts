import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK, type Blocks, dequantise, quantised } from './blocks.ts';
import { bytesOf } from './dtype.ts';

const types = ['q8', 'q4'] as const;

function read(blocks: Blocks): Float32Array {
  const values = new Float32Array(blocks.length);
  dequantise(blocks, values);
  return values;
}

const finite = fc.oneof(
  fc.float({ noNaN: true, min: -(2 ** 127), max: 2 ** 127 }),
  fc.float({ noNaN: true, min: -1, max: 1 }),
  fc.constantFrom(0, -0, 2 ** -149, -(2 ** -126), 2 ** 127),
);

/** Whole blocks, some of one size and some of all. */
const blocksOf = fc
  .integer({ min: 0, max: 5 })
  .chain((count) => fc.array(finite, { minLength: count * BLOCK, maxLength: count * BLOCK }))
  .map((values) => Float32Array.from(values));

describe.each(types)('%s', (dtype) => {
  it('is read within half a step of what was stored, and where q4 has no 8, within a step', () => {
    fc.assert(
      fc.property(blocksOf, (values) => {
        const found = read(quantised(values, dtype, values.length));
        for (let start = 0; start < values.length; start += BLOCK) {
          const block = values.slice(start, start + BLOCK);
          const largest = Math.max(...block.map(Math.abs));
          const least = largest === 0 ? 0 : 2 ** -126;
          // A bfloat16 above the step, of which the next is no more than 2⁻⁷ away.
          const step = Math.max(least, (largest / (dtype === 'q8' ? 127 : 8)) * (1 + 2 ** -7));
          for (const [i, value] of block.entries()) {
            const error = Math.abs((found[start + i] as number) - value);
            const share = dtype === 'q4' && Math.abs(value) > 7.4 * (largest / 8) ? 1 : 0.5;
            if (!(error <= share * step)) throw new Error(`${found[start + i]} for ${value} of ${largest}`);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('makes of a block the same whatever lies beside it: a shard has the blocks of the whole', () => {
    fc.assert(
      fc.property(blocksOf, (values) => {
        const once = read(quantised(values, dtype, values.length));
        expect(once.every(Number.isFinite)).toBe(true);
        for (let i = 0; i < values.length; i += BLOCK) {
          const part = quantised(values.slice(i, i + BLOCK), dtype, BLOCK);
          expect(read(part)).toEqual(once.slice(i, i + BLOCK));
        }
      }),
    );
  });

  it('takes as many bytes as are told, a scale of 16 bits a block', () => {
    for (const blocks of [0, 1, 2, 3, 64]) {
      const { words, length } = quantised(new Float32Array(blocks * BLOCK), dtype, BLOCK);
      expect(length).toBe(blocks * BLOCK);
      expect(words.byteLength).toBe(bytesOf(length, dtype));
      const codes = dtype === 'q8' ? 32 : 16;
      expect(words.byteLength).toBe(4 * Math.ceil((blocks * (codes + 2)) / 4));
    }
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1.71e38])(
    'a block with %s is NaN, and its neighbours are not',
    (bad) => {
      const values = Float32Array.from({ length: 3 * BLOCK }, (_, i) => i - 40);
      values[BLOCK + 5] = bad;
      const found = read(quantised(values, dtype, values.length));
      expect([...found].map(Number.isNaN)).toEqual([...values].map((_, i) => i >= BLOCK && i < 2 * BLOCK));
    },
  );

  it('has zeros for a block of zeros', () => {
    const values = new Float32Array(2 * BLOCK).fill(-1016, BLOCK);
    expect([...read(quantised(values, dtype, BLOCK))]).toEqual([...values]);
  });

  it.each([1, 31, 33, 86])('refuses rows of %i, which would cut a block', (width) => {
    expect(() => quantised(new Float32Array(2 * width), dtype, width)).toThrow(
      `A row of ${width} elements would cut a block of 32`,
    );
  });
});

it('has every code of 8 bits but −128, and of 4 bits all', () => {
  const q8 = Float32Array.from({ length: 8 * BLOCK }, (_, i) => (i % BLOCK === 0 ? 127 : (i % 255) - 127));
  expect([...read(quantised(q8, 'q8', BLOCK))]).toEqual([...q8]);
  const q4 = Float32Array.from({ length: BLOCK }, (_, i) => (i % 16) - 8);
  expect([...read(quantised(q4, 'q4', BLOCK))].map((code) => code + 0)).toEqual([...q4]);
  // The largest is −8 steps: of 8 the scale is −1, and −8 is cut to seven of them.
  const turned = q4.map((value) => -value);
  turned[1] = -8;
  const found = read(quantised(turned, 'q4', BLOCK));
  expect([found[0], found[1], found[15]]).toEqual([8, -7, -7]);
});

it('lies as shaders/weight_*.wgsl reads it: codes from the lowest bits up, and scales behind', () => {
  const values = new Float32Array(3 * BLOCK);
  values.set([-127, 1, -2, 3, 100], 0);
  values.set([254], 2 * BLOCK);
  const { words } = quantised(values, 'q8', BLOCK);
  expect(words.length).toBe(3 * 8 + 2);
  expect(words.subarray(0, 2)).toEqual(Uint32Array.of(0x03fe0181, 100));
  expect(words.subarray(24)).toEqual(Uint32Array.of(0x00003f80, 0x4000)); // 1 and 0, then 2
  const four = quantised(
    Float32Array.from({ length: BLOCK }, (_, i) => (i % 8) - 8),
    'q4',
    BLOCK,
  );
  expect(four.words).toEqual(Uint32Array.of(...Array(4).fill(0xfedcba98), 0x3f80));
});
