import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabError } from '../base/errors.ts';
import { isPacked } from '../numerics/packed.ts';
import { lengthOf, type Range } from '../numerics/ranges.ts';
import { floatsOf } from '../numerics/tensorData.ts';
import { CheckpointWeights } from './CheckpointWeights.ts';
import { parseIndex, readCheckpoint } from './checkpoint.ts';
import { openSource } from './openSource.ts';
import type { Source } from './source.ts';
import { type Raw, writeSafetensors } from './testing/writeSafetensors.ts';

function rawF32(shape: number[], value: (i: number) => number): Raw {
  const length = shape.reduce((product, size) => product * size, 1);
  const data = Float32Array.from({ length }, (_, i) => value(i));
  return { dtype: 'F32', shape, bytes: new Uint8Array(data.buffer) };
}

function folder(files: Record<string, ArrayBuffer | string>): Source {
  const blobs = Object.fromEntries(Object.entries(files).map(([name, data]) => [name, new Blob([data])]));
  return openSource({ kind: 'files', files: blobs });
}

const INDEX = 'model.safetensors.index.json';
const A = { a: rawF32([4, 3], (i) => i), b: rawF32([5], (i) => -i) };
const C = { c: rawF32([2], (i) => 10 + i) };

function sharded(map: Record<string, unknown>, parts: Record<string, Record<string, Raw>>): Source {
  const files = Object.entries(parts).map(([name, tensors]) => [name, writeSafetensors(tensors)]);
  return folder({ ...Object.fromEntries(files), [INDEX]: JSON.stringify({ weight_map: map }) });
}

const GOOD_MAP = { a: 'x.safetensors', b: 'x.safetensors', c: 'y.safetensors' };
const GOOD_FILES = { 'x.safetensors': A, 'y.safetensors': C };

async function refusal(source: Source): Promise<string> {
  try {
    await readCheckpoint(source);
  } catch (thrown) {
    if (thrown instanceof LabError && thrown.code === 'input') return thrown.message;
    throw thrown;
  }
  throw new Error('it should have been refused');
}

describe('readCheckpoint', () => {
  it('finds the tensors of one file, and of several', async () => {
    const single = await readCheckpoint(folder({ 'model.safetensors': writeSafetensors({ ...A, ...C }) }));
    const several = await readCheckpoint(sharded(GOOD_MAP, GOOD_FILES));
    expect([...single.keys()]).toEqual(['a', 'b', 'c']);
    expect([...several].map(([name, { file, shape }]) => [name, file, shape])).toEqual([
      ['a', 'x.safetensors', [4, 3]],
      ['b', 'x.safetensors', [5]],
      ['c', 'y.safetensors', [2]],
    ]);
  });

  it.each<[string, Record<string, unknown>, Record<string, Record<string, Raw>>]>([
    ['lists y.safetensors, and there is no such file', GOOD_MAP, { 'x.safetensors': A }],
    [
      'c is in x.safetensors and in y.safetensors',
      GOOD_MAP,
      { 'x.safetensors': { ...A, ...C }, 'y.safetensors': C },
    ],
    [
      'c is in x.safetensors, where the index does not have it',
      { a: 'x.safetensors', b: 'x.safetensors' },
      { 'x.safetensors': { ...A, ...C } },
    ],
    ['d should be in x.safetensors, and is not', { ...GOOD_MAP, d: 'x.safetensors' }, GOOD_FILES],
    [
      'a lies in "../x.safetensors", which is no .safetensors file of the same folder',
      { a: '../x.safetensors' },
      {},
    ],
    ['a lies in "https://e.org/x.safetensors"', { a: 'https://e.org/x.safetensors' }, {}],
    ['a lies in "x\\\\..\\\\y.safetensors"', { a: 'x\\..\\y.safetensors' }, {}],
    ['a lies in "pytorch_model.bin"', { a: 'pytorch_model.bin' }, {}],
    ['a lies in 3', { a: 3 }, {}],
  ])('refuses where %s', async (why, map, files) => {
    expect(await refusal(sharded(map, files as Record<string, Record<string, Raw>>))).toContain(why);
  });

  it('refuses folders without weights, and indexes that are none', async () => {
    expect(await refusal(folder({}))).toBe(
      'There is neither model.safetensors nor model.safetensors.index.json. Weights in other formats cannot be read.',
    );
    for (const text of [
      '',
      '[]',
      '{}',
      '{"weight_map": []}',
      '{"weight_map": {"a": "x.safetensors", "a": "y.safetensors"}}',
    ])
      expect(await refusal(folder({ [INDEX]: text }))).toMatch(/^The model's files cannot be read: it /);
    expect(() =>
      parseIndex(
        JSON.stringify({
          weight_map: Object.fromEntries(
            Array.from({ length: 10_001 }, (_, i) => [`${i}`, `${i}.safetensors`]),
          ),
        }),
      ),
    ).toThrow('it lists 10001 files');
  });
});

describe('CheckpointWeights', () => {
  const sub = (size: number): fc.Arbitrary<Range> =>
    fc.tuple(fc.nat(size), fc.nat(size)).map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));

  it('gives any block, in pieces of any size, of the numbers that are stored', async () => {
    const block = fc
      .record({ rows: fc.integer({ min: 1, max: 9 }), cols: fc.integer({ min: 1, max: 7 }) })
      .chain(({ rows, cols }) => fc.tuple(fc.constant(rows), fc.constant(cols), sub(rows), sub(cols)));
    await fc.assert(
      fc.asyncProperty(
        block,
        fc.integer({ min: 1, max: 200 }),
        fc.constantFrom('F32', 'F16', 'BF16'),
        async ([rows, cols, own, columns], pieceBytes, dtype) => {
          // 2¹⁰ and more, a step of 1: exact in float16; in bfloat16 by its bits.
          const value = (i: number): number => (dtype === 'BF16' ? 2 ** (i % 60) : 1024 + i);
          const w = stored(dtype as 'F32', [rows, cols], value);
          const read: Range[] = [];
          const source = folder({ 'model.safetensors': writeSafetensors({ before: A.a, w }) });
          const checkpoint = await readCheckpoint(source);
          const counting: Source = {
            ...bound(source),
            read(file, range) {
              read.push(range);
              return source.read(file, range);
            },
          };
          const weights = new CheckpointWeights(counting, checkpoint, pieceBytes);
          const got = await weights.block('w', own, columns);
          const expected: number[] = [];
          for (let row = own.start; row < own.end; row++)
            for (let col = columns.start; col < columns.end; col++) expected.push(value(row * cols + col));
          expect([...got]).toEqual(expected);
          const kept = await new CheckpointWeights(source, checkpoint, pieceBytes).stored('w', own, columns);
          expect(isPacked(kept) ? kept.dtype.toUpperCase() : 'F32').toBe(dtype);
          expect([...floatsOf(kept)]).toEqual(expected);
          expect(read.reduce((sum, range) => sum + lengthOf(range), 0)).toBe(
            weights.bytesOf('w', own, columns),
          );
          // A column split asks for its own bytes alone.
          const width = dtype === 'F32' ? 4 : 2;
          if (lengthOf(columns) === cols) expect(weights.bytesOf('w', own, columns)).toBe(got.length * width);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives parts of vectors, and says what cannot be had', async () => {
    const i64: Raw = { dtype: 'I64', shape: [1], bytes: new Uint8Array(8) };
    const source = folder({ 'model.safetensors': writeSafetensors({ ...A, i64 }) });
    const weights = new CheckpointWeights(source, await readCheckpoint(source));
    expect([...(await weights.block('b', { start: 1, end: 3 }, null))]).toEqual([-1, -2]);
    const one = { start: 0, end: 1 };
    await expect(weights.block('z', one, null)).rejects.toThrow('The checkpoint has no tensor z.');
    await expect(weights.block('a', one, null)).rejects.toThrow(
      'Tensor a is [4, 3]; at least [1] is needed.',
    );
    await expect(weights.block('a', one, { start: 0, end: 4 })).rejects.toThrow('at least [1, 4] is needed.');
    await expect(weights.block('i64', one, null)).rejects.toThrow(
      'Tensor i64 is I64; only F32, F16 and BF16',
    );
    const rows = 2 ** 44;
    const vast = { dtype: 'F16', shape: [rows], file: 'x', start: 0, end: 2 * rows } as const;
    const most = new CheckpointWeights(source, new Map([['vast', vast]]));
    await expect(most.block('vast', { start: 0, end: rows }, null)).rejects.toMatchObject({
      code: 'memory',
      message: expect.stringMatching(/no memory for a rank's 67,108,864 MiB of vast\. Use more ranks/),
    });
  });
});

function stored(dtype: 'F32' | 'F16' | 'BF16', shape: number[], value: (i: number) => number): Raw {
  const wide = rawF32(shape, value);
  if (dtype === 'F32') return wide;
  const bits = new Uint32Array(wide.bytes.buffer);
  const halves = Uint16Array.from(bits, (one) => (dtype === 'BF16' ? one >> 16 : float16Of(one)));
  return { dtype, shape, bytes: new Uint8Array(halves.buffer) };
}

/** Of a float32 between 2⁻¹⁴ and 2¹⁵ that float16 holds exactly. */
function float16Of(bits: number): number {
  return ((((bits >> 23) & 0xff) - 127 + 15) << 10) | ((bits >> 13) & 0x3ff);
}

function bound(source: Source): Source {
  return {
    sizeOf: (file) => source.sizeOf(file),
    whole: (file) => source.whole(file),
    read: (file, range) => source.read(file, range),
    close: () => source.close(),
  };
}
