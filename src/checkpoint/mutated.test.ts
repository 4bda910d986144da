import { expect, it } from 'vitest';
import { LabError } from '../base/errors.ts';
import { type Draw, faultsOf, mutateBytes, mutateText, mutateValue } from '../numerics/testing/mutate.ts';
import { parseSafetensors } from './safetensors.ts';
import { fileOf } from './testing/writeSafetensors.ts';

const WIDTHS: Readonly<Record<string, bigint>> = { F32: 4n, BF16: 2n, I64: 8n, U8: 1n };
const TENSORS = {
  'model.a': { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
  'model.b': { dtype: 'BF16', shape: [3], data_offsets: [24, 30] },
  empty: { dtype: 'I64', shape: [0, 4], data_offsets: [30, 30] },
  'one é "byte"': { dtype: 'U8', shape: [1], data_offsets: [30, 31] },
};
const HEADER = { __metadata__: { format: 'pt', note: 'a "text", {nested: [1]}' }, ...TENSORS };
const DATA = Uint8Array.from({ length: 31 }, (_, i) => 7 * i);

/** Broken as bytes, as a text, as a value, or with one of its tensors again. */
function damage(draw: Draw): Uint8Array {
  const text = JSON.stringify(HEADER);
  const names = Object.keys(TENSORS);
  const again = `,${JSON.stringify(draw.of([...names, 'other']))}:${JSON.stringify(draw.of(Object.values(TENSORS)))}}`;
  switch (draw.below(5)) {
    case 0:
      return mutateBytes(new Uint8Array(fileOf(text, DATA)), draw);
    case 1:
      return new Uint8Array(fileOf(mutateText(text, draw), DATA));
    case 2:
      return new Uint8Array(fileOf(text.slice(0, -1) + again, DATA));
    case 3:
      return new Uint8Array(fileOf(JSON.stringify(mutateValue(mutateValue(HEADER, draw), draw)), DATA));
    default:
      return new Uint8Array(fileOf(JSON.stringify(mutateValue(HEADER, draw)), DATA));
  }
}

/** By the words of the format, in numbers that cannot overflow: what is wrong with a file that was taken. */
function wronglyTaken(bytes: Uint8Array): string[] {
  const file = parseSafetensors(bytes.slice().buffer);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(8, 8 + length));
  const header = JSON.parse(text) as Record<string, Record<string, unknown>>;
  const data = bytes.subarray(8 + length);
  const wrong: string[] = [];
  const colons = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1;
  if (colons !== namesIn(header)) wrong.push('a name is there twice');
  if (!text.startsWith('{')) wrong.push('it does not begin with {');
  const names = Object.keys(header).filter((name) => name !== '__metadata__');
  if (names.join('\n') !== [...file.tensors.keys()].join('\n')) wrong.push('other names than in the header');
  const owners = new Uint8Array(data.length);
  for (const name of names) {
    const { dtype, shape, data_offsets } = header[name] as unknown as Entry;
    const [start, end] = data_offsets;
    const sizes = shape.map(BigInt);
    if (sizes.some((size) => size < 0n)) wrong.push('a negative size');
    const span = sizes.reduce((product, size) => product * (size || 1n), WIDTHS[dtype] ?? 0n);
    if (span >= 2n ** 53n) wrong.push('an overflowing shape');
    if (BigInt(end - start) !== (sizes.includes(0n) ? 0n : span)) wrong.push('a wrong length');
    for (let i = start; i < end; i++) owners[i] = (owners[i] ?? 0) + 1;
    if (dtype === 'F32') {
      const own = new Uint8Array(file.float32(name).buffer);
      if (own.join() !== data.slice(start, end).join()) wrong.push('other values');
    }
  }
  if (owners.some((count) => count !== 1)) wrong.push('a byte that is not one tensor’s');
  return wrong;
}

interface Entry {
  readonly dtype: string;
  readonly shape: number[];
  readonly data_offsets: [number, number];
}

function namesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, inner) => sum + namesIn(inner), own);
}

it('takes none of 10,000 damaged files wrongly, and breaks on none', () => {
  const { faults, taken } = faultsOf(
    10_000,
    damage,
    wronglyTaken,
    (thrown) => thrown instanceof LabError && thrown.code === 'input' && thrown.message.length < 400,
  );
  expect(faults).toEqual([]);
  expect(taken).toBeGreaterThan(500); // some damage does no harm, as in the data
}, 120_000);
