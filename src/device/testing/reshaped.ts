/** Special values in other shapes, for kernels that are chosen by the shape: PyTorch's results follow from those it has. */

import type { AttentionOptions, OperationName, RopeOptions } from '../device.ts';
import { isOperand, type Operand, type SpecialCase } from './special.ts';

/**
 * A case of attention, as passes of at most `most` queries: the same rows of y. None where a window ends without a mask,
 * for there the place of a query says both where its sight begins and where that of all ends.
 */
export function inPasses(of: SpecialCase, most: number): SpecialCase[] {
  const [q, k, v, options] = of.arguments as readonly [Operand, Operand, Operand, AttentionOptions];
  if (options.window !== undefined && !options.causal) return [];
  const [t = 0, width = 0] = q.shape;
  const columns = of.y.length / t;
  return Array.from({ length: Math.ceil(t / most) }, (_, pass) => {
    const [first, end] = [pass * most, Math.min(t, (pass + 1) * most)];
    const queries = { data: q.data.slice(first * width, end * width), shape: [end - first, width] };
    // Without a mask each sees as many keys as there are tokens, of which its own are the last.
    const start = options.start + (options.causal ? first : t - (end - first));
    return {
      ...of,
      name: `${of.name}, queries ${first} … ${end}`,
      arguments: [queries, k, v, { ...options, start }],
      y: of.y.slice(first * columns, end * columns),
    };
  });
}

/**
 * A case by element or by row, with each row two or four times side by side, so that its length is a multiple of 4. None of
 * what never moves in quads.
 */
export function inQuads(of: SpecialCase): SpecialCase[] {
  if (of.operation === 'rope') return ropeInQuads(of);
  return [repeated(of, columnsOf(of) % 2 === 0 ? 2 : 4)];
}

/** Columns from which on a wide workgroup shares a row on a GPU. */
const LONG = 1024;

/** A case by row, with each row side by side until it is long: until its length is a multiple of 4, and until it is none. */
export function inLongRows(of: SpecialCase): SpecialCase[] {
  const columns = columnsOf(of);
  const least = Math.ceil(LONG / columns);
  const times = [0, 1, 2, 3].map((more) => least + more);
  const quads = times.find((count) => (count * columns) % 4 === 0);
  const none = times.find((count) => (count * columns) % 4 !== 0);
  return [quads, none].flatMap((count) => {
    if (count === undefined) return [];
    return [repeated(of.operation === 'layerNorm' ? withoutOverflow(of, count) : of, count)];
  });
}

/** A case of attention, with the columns of each head of v side by side until there are `least`. */
export function withWideValues(of: SpecialCase, least: number): SpecialCase {
  const [q, k, v, options] = of.arguments as readonly [Operand, Operand, Operand, AttentionOptions];
  const [keys = 0, width = 0] = v.shape;
  const columns = width / options.kvHeads;
  const times = Math.ceil(least / columns);
  const wide = { data: tiled(v.data, columns, times), shape: [keys, times * width] };
  return {
    ...of,
    name: `${of.name}, ${times * columns} columns of v`,
    arguments: [q, k, wide, options],
    y: tiled(of.y, columns, times),
  };
}

/** Each half of a head twice: what was turned together still is. */
function ropeInQuads(of: SpecialCase): SpecialCase[] {
  const [x, table, options] = of.arguments as readonly [Operand, Operand, RopeOptions];
  if (options.layout !== 'half') return [];
  const twice = ({ data, shape }: Operand): Operand => ({
    data: tiled(data, options.headDim / 2, 2),
    shape: shape.map((size, dim) => (dim === shape.length - 1 ? 2 * size : size)),
  });
  const given = [twice(x), twice(table), { ...options, headDim: 2 * options.headDim }];
  return [{ ...of, name: `${of.name}, in quads`, arguments: given, y: tiled(of.y, options.headDim / 2, 2) }];
}

/** Operations whose sums of a row go into its result; the means of a norm stay what they are. */
const SHARED: readonly OperationName[] = ['softmax'];

/** A case by element or by row, with each row so many times side by side. */
function repeated(of: SpecialCase, times: number): SpecialCase {
  const columns = columnsOf(of);
  const given = of.arguments.map((value) =>
    isOperand(value)
      ? { data: tiled(value.data, columns, times), shape: [...value.shape.slice(0, -1), times * columns] }
      : value,
  );
  const share = SHARED.includes(of.operation) ? 1 / times : 1;
  return {
    ...of,
    name: `${of.name}, rows ${times} times`,
    arguments: given,
    y: tiled(of.y, columns, times).map((value) => value * share),
  };
}

/** Without the rows of x that can be summed, and no more once they are so many times as long. */
function withoutOverflow(of: SpecialCase, times: number): SpecialCase {
  const [x, ...others] = of.arguments as readonly [Operand, ...unknown[]];
  const [rows = 0, columns = 0] = x.shape;
  const kept = Array.from({ length: rows }, (_, row) => row).filter((row) => {
    const sum = x.data.subarray(row * columns, (row + 1) * columns).reduce((a, b) => a + b, 0);
    return !Number.isFinite(Math.fround(sum)) || Number.isFinite(Math.fround(times * sum));
  });
  const only = (data: Float32Array): Float32Array =>
    Float32Array.from(kept.flatMap((row) => [...data.subarray(row * columns, (row + 1) * columns)]));
  return {
    ...of,
    arguments: [{ data: only(x.data), shape: [kept.length, columns] }, ...others],
    y: only(of.y),
  };
}

function columnsOf(of: SpecialCase): number {
  return of.arguments.find(isOperand)?.shape.at(-1) ?? 1;
}

/** Each run of so many elements, so many times. */
function tiled(data: Float32Array, columns: number, times: number): Float32Array {
  return Float32Array.from({ length: times * data.length }, (_, i) => {
    const row = Math.floor(i / (times * columns));
    return data[row * columns + (i % columns)] as number;
  });
}
