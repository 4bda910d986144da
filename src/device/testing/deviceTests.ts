/** What every device does alike. Each test file runs this for the devices it can open. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { now, Recorder } from '../../base/trace.ts';
import { cutBlock, joinColumns } from '../../math/matrix.ts';
import { consecutiveRanges, lengthOf } from '../../math/ranges.ts';
import type { Device } from '../device.ts';
import { operands, values, worstError } from './oracle.ts';

const shapes = [
  { m: 1, k: 1, n: 1 },
  { m: 8, k: 16, n: 12 },
  { m: 7, k: 13, n: 11 },
  { m: 1, k: 64, n: 129 },
  { m: 33, k: 1, n: 65 },
  { m: 65, k: 3, n: 1 },
  { m: 33, k: 66, n: 67 },
  { m: 40, k: 512, n: 96 },
  { m: 5, k: 2047, n: 9 },
];

/** @param open opens a new device that records into `recorder`. */
export function testDevice(open: (recorder: Recorder) => Promise<Device>): void {
  const recorder = new Recorder(0);
  let device: Device;
  beforeAll(async () => {
    device = await open(recorder);
  });
  beforeEach(() => void recorder.take());
  afterAll(() => device.close());

  describe('tensors', () => {
    test('come back as they were', async () => {
      for (const length of [1, 2, 3, 5, 64, 1001]) {
        const data = values(length, length);
        const tensor = device.tensor(data, [length]);
        data.fill(0); // the device has a copy
        expect(await device.read(tensor)).toEqual(values(length, length));
        device.free(tensor);
      }
    });

    test('may be empty', async () => {
      const empty = device.tensor(new Float32Array(), [3, 0]);
      expect(empty.length).toBe(0);
      expect(await device.read(empty)).toHaveLength(0);
      expect(await device.stage(empty, (length) => new Float32Array(length))).toHaveLength(0);
      device.unstage(empty, new Float32Array());
      device.free(empty);
    });

    test('hold no values of those freed before', async () => {
      for (let round = 0; round < 3; round++) {
        const dirty = device.tensor(new Float32Array(77).fill(Number.NaN), [7, 11]);
        device.free(dirty);
        const sum = device.linear(
          device.tensor(new Float32Array(), [7, 0]),
          device.tensor(new Float32Array(), [11, 0]),
        );
        expect(await device.read(sum)).toEqual(new Float32Array(77));
        device.free(sum);
      }
    });

    test('freed while work on them is queued keep their values until it has run', async () => {
      const x = device.tensor(values(1, 64), [8, 8]);
      const zeros = device.tensor(new Float32Array(64), [8, 8]);
      const y = device.add(x, zeros);
      device.free(x);
      const next = device.tensor(new Float32Array(64).fill(7), [8, 8]);
      expect(await device.read(y)).toEqual(values(1, 64));
      expect(await device.read(next)).toEqual(new Float32Array(64).fill(7));
      device.free(zeros, y, next);
    });

    test('of the wrong length, freed, or of another device are refused', async () => {
      expect(() => device.tensor(new Float32Array(5), [2, 3])).toThrow(/2×3 tensor has 6 elements, and 5/);
      const tensor = device.tensor(new Float32Array(6), [2, 3]);
      device.free(tensor);
      expect(() => device.add(tensor, tensor)).toThrow(/2×3 tensor is of another device, or was freed/);
      await expect(device.read(tensor)).rejects.toThrow(/freed/);
      expect(() => device.free(tensor)).toThrow(/freed/);
      const other = await open(new Recorder(1));
      const foreign = other.tensor(new Float32Array(6), [2, 3]);
      await expect(device.read(foreign)).rejects.toThrow(/another device/);
      other.close();
    });
  });

  describe('linear', () => {
    test.each(shapes)('$m×$k by $n×$k', async (shape) => {
      const { m, k, n } = shape;
      const given = operands(shape);
      const x = device.tensor(given.x, [m, k]);
      const w = device.tensor(given.w, [n, k]);
      const b = device.tensor(given.b, [n]);
      const plain = device.linear(x, w);
      const biased = device.linear(x, w, b);
      expect(plain.shape).toEqual([m, n]);
      expect(worstError(await device.read(plain), { x: given.x, w: given.w }, shape)).toBeLessThanOrEqual(1);
      expect(worstError(await device.read(biased), given, shape)).toBeLessThanOrEqual(1);
      device.free(x, w, b, plain, biased);
    });

    test.each([
      { m: 5, k: 64, widths: [1, 30, 0, 7, 26] },
      { m: 9, k: 37, widths: [63, 1, 64, 2] },
      { m: 33, k: 250, widths: [3, 5, 7, 11] },
    ])('cut into columns $widths equals the whole, bit for bit', async ({ m, k, widths }) => {
      const cuts = consecutiveRanges(widths);
      const n = cuts.at(-1)?.end ?? 0;
      const given = operands({ m, k, n });
      const x = device.tensor(given.x, [m, k]);
      const product = async (rows: { start: number; end: number }) => {
        const w = device.tensor(cutBlock(given.w, k, { rows, cols: { start: 0, end: k } }), [
          lengthOf(rows),
          k,
        ]);
        const b = device.tensor(given.b.slice(rows.start, rows.end), [lengthOf(rows)]);
        const y = device.linear(x, w, b);
        const result = await device.read(y);
        device.free(w, b, y);
        return result;
      };
      const whole = await product({ start: 0, end: n });
      const parts: number[] = [];
      for (const cut of cuts) parts.push(...(await product(cut)));
      expect(bits(joinColumns(Float32Array.from(parts), m, widths))).toEqual(bits(whole));
    });

    test('of fewer rows of x equals those rows of the whole, bit for bit', async () => {
      const [m, k, n] = [19, 50, 21];
      const given = operands({ m, k, n });
      const w = device.tensor(given.w, [n, k]);
      const whole = await device.read(device.linear(device.tensor(given.x, [m, k]), w));
      for (const rows of [1, 4, 11]) {
        const some = await device.read(
          device.linear(device.tensor(given.x.slice(0, rows * k), [rows, k]), w),
        );
        expect(bits(some)).toEqual(bits(whole.slice(0, rows * n)));
      }
    });

    test('with an empty side is empty, zeros, or the bias', async () => {
      const empty = (...shape: number[]) => device.tensor(new Float32Array(), shape);
      const b = device.tensor(values(1, 3), [3]);
      const ones = device.tensor(new Float32Array(6).fill(1), [2, 3]);
      expect(device.linear(empty(0, 3), ones).shape).toEqual([0, 2]);
      expect(device.linear(ones, empty(0, 3), empty(0)).shape).toEqual([2, 0]);
      expect(await device.read(device.linear(empty(0, 0), empty(0, 0)))).toHaveLength(0);
      expect(await device.read(device.linear(empty(2, 0), empty(3, 0)))).toEqual(new Float32Array(6));
      expect(await device.read(device.linear(empty(2, 0), empty(3, 0), b))).toEqual(
        Float32Array.of(...values(1, 3), ...values(1, 3)),
      );
    });

    test('refuses shapes that do not fit', () => {
      const a = device.tensor(new Float32Array(6), [2, 3]);
      const b = device.tensor(new Float32Array(4), [2, 2]);
      const flat = device.tensor(new Float32Array(3), [3]);
      expect(() => device.linear(a, b)).toThrow(/x is 2×3 and w 2×2; both need the same last size/);
      expect(() => device.linear(a, a, flat)).toThrow(/b is 3; with w 2×3 it needs 2/);
      expect(() => device.linear(flat, a)).toThrow(/x is 3; it needs two sizes/);
    });
  });

  describe('add and columns', () => {
    test('add adds elements, or a row to each row', async () => {
      const [left, right] = [values(1, 35), values(2, 35)];
      const a = device.tensor(left, [5, 7]);
      const sum = device.add(a, device.tensor(right, [5, 7]));
      const rows = device.add(a, device.tensor(right.slice(0, 7), [7]));
      expect(await device.read(sum)).toEqual(left.map((value, i) => value + (right[i] ?? 0)));
      expect(await device.read(rows)).toEqual(left.map((value, i) => value + (right[i % 7] ?? 0)));
      expect(() => device.add(a, device.tensor(right.slice(0, 5), [5]))).toThrow(/b needs the shape of a/);
      const empty = device.tensor(new Float32Array(), [4, 0]);
      expect(device.add(empty, device.tensor(new Float32Array(), [0])).shape).toEqual([4, 0]);
    });

    test('columns copies a slice', async () => {
      const data = values(1, 77);
      const x = device.tensor(data, [7, 11]);
      for (const [start, end] of [
        [0, 11],
        [3, 4],
        [2, 9],
        [5, 5],
      ] as const) {
        const slice = await device.read(device.columns(x, start, end));
        expect(slice).toEqual(cutBlock(data, 11, { rows: { start: 0, end: 7 }, cols: { start, end } }));
      }
      expect(() => device.columns(x, 4, 12)).toThrow(/4 … 12 are not columns of a 7×11 matrix/);
    });

    test('reach every element of a long tensor', async () => {
      const length = 65_535 * 64 + 1000; // more than the grid of an element-wise kernel has invocations
      const x = device.tensor(new Float32Array(length).fill(1), [length]);
      const sum = device.add(x, x);
      expect((await device.read(sum)).every((value) => value === 2)).toBe(true);
      device.free(x, sum);
    });
  });

  describe('the host', () => {
    test('stages into shared memory, changes the values, and gives them back', async () => {
      const memory = new WebAssembly.Memory({ shared: true, initial: 1, maximum: 1 });
      const tensor = device.tensor(values(1, 15), [3, 5]);
      const host = await device.stage(tensor, (length) => new Float32Array(memory.buffer, 256, length));
      expect(host).toEqual(values(1, 15));
      for (let i = 0; i < host.length; i++) host[i] = i;
      device.unstage(tensor, host);
      expect(await device.read(tensor)).toEqual(Float32Array.from({ length: 15 }, (_, i) => i));
      device.free(tensor);
    });

    test('uploads from shared memory', async () => {
      const memory = new WebAssembly.Memory({ shared: true, initial: 1, maximum: 1 });
      const data = new Float32Array(memory.buffer, 64, 9);
      data.set(values(1, 9));
      expect(await device.read(device.tensor(data, [9]))).toEqual(values(1, 9));
    });

    test('reads after many queued operations, and several at once', async () => {
      const one = device.tensor(Float32Array.of(1, 2, 3), [3]);
      const sums = [one];
      for (let i = 1; i < 200; i++) sums.push(device.add(sums[i - 1] ?? one, one));
      const some = [199, 0, 99].map(async (i) => device.read(sums[i] ?? one));
      expect(await Promise.all(some)).toEqual([
        Float32Array.of(200, 400, 600),
        Float32Array.of(1, 2, 3),
        Float32Array.of(100, 200, 300),
      ]);
    });
  });

  describe('spans', () => {
    test('name each operation, with times, bytes and flops', async () => {
      const before = now();
      const x = device.tensor(values(1, 64 * 64), [64, 64]);
      const y = device.linear(x, x);
      await device.sync();
      const z = device.add(y, y);
      await device.read(z);
      const after = now();
      const { spans } = recorder.take();
      expect(spans.map((span) => span.name)).toEqual(['upload', 'linear', 'add', 'readback']);
      expect(spans.map((span) => span.flops)).toEqual([undefined, 2 * 64 ** 3, 64 ** 2, undefined]);
      expect(spans.map((span) => span.bytes)).toEqual([4 * 64 ** 2, undefined, undefined, 4 * 64 ** 2]);
      let last = before;
      for (const span of spans) {
        expect(span).toMatchObject({ rank: 0, lane: 'device' });
        expect(span.startMs).toBeGreaterThanOrEqual(last - 0.1); // the clock of a page is rounded
        expect(span.endMs).toBeGreaterThanOrEqual(span.startMs);
        last = span.startMs;
      }
      expect(last).toBeLessThanOrEqual(after);
    });

    test('of several operations with no wait between stay within it, and have all flops', async () => {
      const x = device.tensor(values(1, 128 * 128), [128, 128]);
      await device.sync();
      recorder.take();
      const before = now();
      const sums = Array.from({ length: 5 }, () => device.linear(x, x));
      await device.sync();
      const after = now();
      const { spans } = recorder.take();
      expect(spans.reduce((sum, span) => sum + (span.flops ?? 0), 0)).toBe(5 * 2 * 128 ** 3);
      for (const span of spans) {
        expect(span.startMs).toBeGreaterThanOrEqual(before - 0.1);
        expect(span.endMs).toBeLessThanOrEqual(after + 0.1);
        expect(span.gpuMs !== undefined).toBe(device.info.timestamps);
      }
      device.free(x, ...sums);
    });
  });

  test('a closed device says so', async () => {
    const closed = await open(new Recorder(0));
    const x = closed.tensor(values(1, 4), [2, 2]);
    closed.close();
    closed.close();
    expect(() => closed.linear(x, x)).toThrow(expect.objectContaining({ code: 'closed' }));
    await expect(closed.read(x)).rejects.toMatchObject({ code: 'closed' });
    await expect(closed.sync()).rejects.toMatchObject({ code: 'closed' });
  });
}

function bits(floats: Float32Array): number[] {
  return [...new Uint32Array(floats.slice().buffer)];
}
