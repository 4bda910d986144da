import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabError } from '../base/errors.ts';
import { type Dtype, parseSafetensors } from './safetensors.ts';
import { fileOf, type Raw, writeSafetensors } from './testing/writeSafetensors.ts';

function refusal(file: ArrayBuffer): string {
  try {
    parseSafetensors(file);
  } catch (thrown) {
    if (thrown instanceof LabError && thrown.code === 'input') return thrown.message;
    throw thrown;
  }
  throw new Error('it should have been refused');
}

/** A header with one entry, and its data. */
function oneTensor(entry: unknown, bytes = 8): ArrayBuffer {
  return fileOf(JSON.stringify({ w: entry }), new Uint8Array(bytes));
}

/** Of an empty tensor, as text. */
const ENTRY = '{"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}';

const tensor = fc
  .tuple(fc.array(fc.nat(4), { maxLength: 3 }), fc.constantFrom<Dtype>('F32', 'BF16', 'F16', 'I8', 'I64'))
  .chain(([shape, dtype]) => {
    const width = { F32: 4, BF16: 2, F16: 2, I8: 1, I64: 8 }[dtype as 'F32'];
    const length = shape.reduce((product, size) => product * size, width);
    const bytes = fc.uint8Array({ minLength: length, maxLength: length });
    return bytes.map((data): Raw => ({ dtype, shape, bytes: data }));
  });

describe('parseSafetensors', () => {
  it('reads back what was written, of any names, shapes and dtypes', () => {
    const name = fc
      .string({ unit: 'binary' })
      .filter((text) => text !== '__metadata__' && text !== '__proto__');
    const texts = fc.dictionary(name, fc.string());
    fc.assert(
      fc.property(
        fc.dictionary(name, tensor, { maxKeys: 5 }),
        fc.option(texts, { nil: undefined }),
        (tensors, metadata) => {
          const file = parseSafetensors(writeSafetensors(tensors, metadata));
          expect(file.metadata).toEqual({ ...metadata });
          expect([...file.tensors.keys()].sort()).toEqual(Object.keys(tensors).sort());
          for (const [key, { dtype, shape, bytes }] of Object.entries(tensors)) {
            expect(file.tensors.get(key)).toMatchObject({ dtype, shape });
            if (dtype === 'F32') expect(new Uint8Array(file.float32(key).buffer)).toEqual(bytes);
          }
        },
      ),
    );
  });

  it('gives copies, wherever the data lies', () => {
    const header = { odd: { dtype: 'I8', shape: [3], data_offsets: [0, 3] } };
    const w = { dtype: 'F32', shape: [2], data_offsets: [3, 11] };
    const data = new Uint8Array(11);
    data.set(new Uint8Array(Float32Array.of(1.5, -2).buffer), 3);
    const file = parseSafetensors(fileOf(`${JSON.stringify({ ...header, w })}   `, data));
    file.float32('w').fill(0);
    expect(file.float32('w')).toEqual(Float32Array.of(1.5, -2));
  });

  it('widens float16 and bfloat16 without rounding', () => {
    const raw = (dtype: Dtype, ...halves: number[]): Raw => {
      const bytes = new Uint8Array(Uint16Array.from(halves).buffer);
      return { dtype, shape: [halves.length], bytes };
    };
    const file = parseSafetensors(
      writeSafetensors({
        // 1, −2, the largest, the smallest normal, the smallest of all, −0, ∞, NaN, 1/3
        half: raw('F16', 0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x8000, 0x7c00, 0x7e00, 0x3555),
        brain: raw('BF16', 0x3f80, 0xc000, 0x7f7f, 0x0080, 0x0001, 0x8000, 0xff80, 0x7fc0, 0x3eab),
      }),
    );
    const { POSITIVE_INFINITY: infinity, NaN: none } = Number;
    expect([...file.float32('half')]).toEqual([
      ...[1, -2, 65_504, 2 ** -14, 2 ** -24, -0, infinity, none, 0.333251953125],
    ]);
    expect([...file.float32('brain')]).toEqual([
      ...[1, -2, 255 * 2 ** 120, 2 ** -126, 2 ** -133, -0, -infinity, none, 0.333984375],
    ]);
  });

  it('refuses a file that is cut off, wherever', () => {
    const bytes = new Uint8Array(Float32Array.of(1, 2, 3).buffer);
    const whole = writeSafetensors({ a: { dtype: 'F32', shape: [3], bytes } }, { by: 'a test' });
    for (let length = 0; length < whole.byteLength; length++) {
      expect(refusal(whole.slice(0, length))).toMatch(/^The safetensors file cannot be read: /);
    }
    expect(refusal(whole.slice(0, 3))).toMatch('it has 3 bytes, and 8 say how long its header is');
    expect(refusal(whole.slice(0, 20))).toMatch(/header should have \d+ bytes, and 12 are there/);
    expect(refusal(whole.slice(0, -1))).toMatch('a ends at byte 12 of 11; is it cut off?');
  });

  it.each([
    ['{"w": ', 'its header is no JSON'],
    ['[1]', 'its header is no JSON object'],
    ['null', 'its header is no JSON object'],
    ['{"__metadata__": {"steps": 3}}', 'its __metadata__ is no object of texts'],
    ['{"__metadata__": []}', 'its __metadata__ is no object of texts'],
  ])('refuses the header %s', (header, why) => {
    expect(refusal(fileOf(header))).toBe(`The safetensors file cannot be read: ${why}.`);
  });

  it.each([
    [`{"w": ${ENTRY}, "w": ${ENTRY}}`, 'its header has w twice'],
    [`{"w": ${ENTRY}, "\\u0077": ${ENTRY}}`, 'its header has w twice'],
    ['{"__metadata__": {"a": "1", "b": "", "a": "2"}}', 'its header has a twice'],
    [`{"w": {"dtype": "I8", ${ENTRY.slice(1)}}`, 'its header has dtype twice'],
    [` {"w": ${ENTRY}}`, 'its header does not begin with {'],
    [`\uFEFF{"w": ${ENTRY}}`, 'its header is no JSON'],
  ])('refuses the header %s, which may be read in two ways', (header, why) => {
    expect(refusal(fileOf(header))).toBe(`The safetensors file cannot be read: ${why}.`);
  });

  it('takes names that differ, and texts that look like names', () => {
    const file = parseSafetensors(
      fileOf(`{"__metadata__": {"w": "\\"w\\": {", "v": "w"}, "w": ${ENTRY}, "w ": ${ENTRY}}`),
    );
    expect([...file.tensors.keys()]).toEqual(['w', 'w ']);
  });

  it('shows the beginning of what it refuses', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const whys = [
      `{"w": {"dtype": ${deep}}}`,
      `{"w": {"dtype": "F32", "shape": ${deep}}}`,
      `{"w": {"dtype": "F32", "shape": [0], "data_offsets": ${deep}}}`,
      `{"${'w'.repeat(10_000)}": 3}`,
      `{"w": {"dtype": "F32", "shape": [${'1,'.repeat(10_000)}1], "data_offsets": [0, 8]}}`,
    ].map((header) => refusal(fileOf(header)));
    for (const why of whys) expect(why.length).toBeLessThan(300);
  });

  it('refuses a header that is not UTF-8', () => {
    expect(refusal(fileOf(Uint8Array.of(0x7b, 0xff, 0x7d)))).toMatch('its header is no JSON');
  });

  it.each([
    [{ dtype: 'F31', shape: [2], data_offsets: [0, 8] }, 'w has the unknown dtype "F31"'],
    [{ dtype: 'toString', shape: [2], data_offsets: [0, 8] }, 'w has the unknown dtype "toString"'],
    [{ shape: [2], data_offsets: [0, 8] }, 'w has the unknown dtype nothing'],
    [{ dtype: 'F32', shape: [-2], data_offsets: [0, 8] }, 'w has the shape [-2]'],
    [{ dtype: 'F32', shape: 2, data_offsets: [0, 8] }, 'w has the shape 2'],
    [{ dtype: 'F32', shape: [2], data_offsets: [0, 8.5] }, 'w has the data_offsets [0,8.5]'],
    [{ dtype: 'F32', shape: [2], data_offsets: [8, 0] }, 'needs 8 bytes, and has data_offsets [8,0]'],
    [{ dtype: 'F32', shape: [2], data_offsets: [0, 8, 16] }, 'has data_offsets [0,8,16]'],
    [{ dtype: 'F32', shape: [3], data_offsets: [0, 8] }, 'F32 [3], needs 12 bytes'],
    [{ dtype: 'F32', shape: [2], data_offsets: [8, 16] }, 'w ends at byte 16 of 8'],
    [{ dtype: 'F32', shape: [1], data_offsets: [4, 8] }, 'bytes 0 … 4, before w, belong to no tensor'],
    [{ dtype: 'F32', shape: [1], data_offsets: [0, 4] }, '4 bytes behind the last tensor belong to none'],
    [7, 'what its header says of w is no object'],
    [
      { dtype: 'F32', shape: [2 ** 40, 2 ** 40, 0], data_offsets: [0, 0] },
      'has more elements than can be counted',
    ],
    [{ dtype: 'F32', shape: [0, 2 ** 52, 4], data_offsets: [0, 0] }, 'has more elements than can be counted'],
    [
      { dtype: 'F64', shape: [2 ** 50, 1], data_offsets: [0, 2 ** 53 - 1] },
      'has more elements than can be counted',
    ],
  ])('refuses %j', (entry, why) => {
    expect(refusal(oneTensor(entry))).toContain(why);
  });

  it('refuses tensors that overlap', () => {
    const entry = (start: number, end: number) => ({
      dtype: 'U8',
      shape: [end - start],
      data_offsets: [start, end],
    });
    const header = { a: entry(0, 5), b: entry(4, 8) };
    expect(refusal(fileOf(JSON.stringify(header), new Uint8Array(8)))).toContain(
      'b begins at byte 4, inside of the tensor that ends at 5',
    );
  });

  it('says of a tensor what cannot be had', () => {
    const file = parseSafetensors(oneTensor({ dtype: 'I64', shape: [1], data_offsets: [0, 8] }));
    expect(() => file.float32('w')).toThrow('Tensor w is I64; only F32, F16 and BF16 can be read as floats.');
    expect(() => file.float32('v')).toThrow('The file has no tensor v.');
  });

  it('takes garbage for garbage', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(refusal(bytes.slice().buffer)).toMatch(/^The safetensors file cannot be read: /);
      }),
    );
  });
});
