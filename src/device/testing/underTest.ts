/** The device that a file of tests shares, and what its tests do with it again and again. */

import { afterAll, beforeAll, beforeEach } from 'vitest';
import { Recorder } from '../../base/trace.ts';
import { lengthOfShape } from '../../operations/shapes.ts';
import type { Device, Tensor } from '../device.ts';
import { values } from './oracle.ts';

/** Opens a new device that records into `recorder`. */
export type Open = (recorder: Recorder) => Promise<Device>;

export interface UnderTest {
  /** There from the first test on. */
  readonly device: Device;
  /** Empty at the start of each test. */
  readonly recorder: Recorder;
  readonly open: Open;
  put(data: ArrayLike<number>, ...shape: readonly number[]): Tensor;
  /** Seeded values in [−1, 1). */
  seeded(seed: number, ...shape: readonly number[]): Tensor;
  empty(...shape: readonly number[]): Tensor;
}

export function underTest(open: Open): UnderTest {
  const recorder = new Recorder(0);
  let device: Device | null = null;
  const opened = () => {
    if (device === null) throw new Error('the device opens when tests begin');
    return device;
  };
  beforeAll(async () => {
    device = await open(recorder);
  });
  beforeEach(() => void recorder.take());
  afterAll(() => opened().close());
  return {
    get device() {
      return opened();
    },
    recorder,
    open,
    put: (data, ...shape) => opened().tensor(Float32Array.from(data), shape),
    seeded: (seed, ...shape) => opened().tensor(values(seed, lengthOfShape(shape)), shape),
    empty: (...shape) => opened().tensor(new Float32Array(), shape),
  };
}

/** The largest |actual − expected|; infinite where there is a NaN or another number of values. */
export function worstDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs((actual[i] as number) - (expected[i] as number));
    worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
  }
  return worst;
}

/** For comparing floats bit by bit. */
export function bits(floats: Float32Array): number[] {
  return [...new Uint32Array(floats.slice().buffer)];
}

/** Columns `start … end` of a row-major matrix of `width` columns. */
export function cutColumns(data: Float32Array, width: number, start: number, end: number): Float32Array {
  return data.filter((_, i) => i % width >= start && i % width < end);
}

/** Rows and columns of matrices whose rows are shorter, as long as, and longer than a workgroup is wide. */
export const rowSizes = [
  [1, 1],
  [5, 3],
  [2, 63],
  [2, 64],
  [3, 65],
  [70, 9],
  [2, 1000],
  [3, 1028],
  [1, 20_011],
] as const;

/** The rows of a row-major matrix of `width` columns. */
export function rowsOf(data: Float32Array, width: number): number[][] {
  return Array.from({ length: data.length / width }, (_, row) => [
    ...data.subarray(row * width, (row + 1) * width),
  ]);
}
