/** What is timed: products, and sums over ranks. */

import type { BenchCase } from '../../src/bench/record.ts';
import type { Limit } from '../../tools/cpu/limits.ts';

export type Place = 'cpu' | 'webgpu';

export interface Product {
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

export type Work =
  | ({ readonly kind: 'product'; readonly place: Place } & Product)
  /** The product by one rank, and by two of which each has half of the columns. */
  | ({ readonly kind: 'columnSplit' } & Product)
  | {
      readonly kind: 'all_reduce';
      readonly place: Place;
      readonly worldSize: number;
      readonly bytes: number;
    }
  | ({ readonly kind: 'row_linear'; readonly worldSize: number } & Product);

const SHAPES: readonly Product[] = [
  { m: 512, k: 512, n: 512 },
  { m: 1024, k: 1024, n: 1024 },
  { m: 4096, k: 4096, n: 4096 },
  { m: 64, k: 2048, n: 8192 },
  { m: 128, k: 4096, n: 4096 },
  { m: 1, k: 4096, n: 4096 },
  { m: 1, k: 2048, n: 2048 },
];

const KIB = 2 ** 10;
const MIB = 2 ** 20;

/** What threads can do at most; `sums` is one number added to another. */
export type LimitName = Limit | 'sums';
/** Of 16 MiB, what each of two ranks adds. */
export const ADDED_BYTES = 8 * MIB;

export const WORKS: readonly Work[] = [
  ...SHAPES.map((shape) => ({ kind: 'product', place: 'cpu', ...shape }) as const),
  { kind: 'columnSplit', m: 1024, k: 1024, n: 1024 },
  ...[2, 4].flatMap((worldSize) =>
    [4 * KIB, 16 * MIB].map((bytes) => ({ kind: 'all_reduce', place: 'cpu', worldSize, bytes }) as const),
  ),
  ...SHAPES.map((shape) => ({ kind: 'product', place: 'webgpu', ...shape }) as const),
  { kind: 'all_reduce', place: 'webgpu', worldSize: 2, bytes: 4 * KIB },
  ...[1, 2, 4].map((worldSize) => ({ kind: 'row_linear', worldSize, m: 16, k: 2048, n: 512 }) as const),
];

/** What --only may name. */
export const GROUPS = ['cpu', 'webgpu', 'all_reduce'] as const;
export type Group = (typeof GROUPS)[number];

export function groupOf(work: Work): Group {
  if (work.kind === 'all_reduce' && work.place === 'cpu') return 'all_reduce';
  return placeOf(work);
}

export function placeOf(work: Work): Place {
  if (work.kind === 'columnSplit') return 'cpu';
  return work.kind === 'row_linear' ? 'webgpu' : work.place;
}

export function sizeOf(work: Work): string {
  return work.kind === 'all_reduce'
    ? work.bytes >= MIB
      ? `${work.bytes / MIB} MiB`
      : `${work.bytes / KIB} KiB`
    : shapeText(work);
}

/** "512³", "64×2048×8192". */
export function shapeText({ m, k, n }: Product): string {
  return m === k && k === n ? `${m}³` : `${m}×${k}×${n}`;
}

/** "CPU, 512x512x512"; "all_reduce, 16 MiB, 2 CPU ranks". */
export function titleOf(work: Work): string {
  const device = placeOf(work) === 'cpu' ? 'CPU' : 'WebGPU';
  switch (work.kind) {
    case 'product':
      return `${device}, ${sizeOf(work)}`;
    case 'columnSplit':
      return `CPU, ${sizeOf(work)} cut into columns`;
    case 'all_reduce':
      return `all_reduce, ${sizeOf(work)}, ${work.worldSize} ${device} ranks`;
    case 'row_linear':
      return `row-parallel linear, ${sizeOf(work)}, ${work.worldSize} ${device} rank${work.worldSize === 1 ? '' : 's'}`;
    default:
      return work satisfies never;
  }
}

/**
 * Why it is not run on a machine; null where it is. So large a product takes a core seconds a run, and no bar is about it.
 * @param software whether the adapter is played by the CPU; null where there is none
 */
export function leftOut(work: Work, software: boolean | null): string | null {
  if (placeOf(work) === 'webgpu' && software === null) return 'the browser has no WebGPU adapter';
  const large = work.kind === 'product' && work.m * work.k * work.n >= 2 ** 36;
  if (large && work.place === 'cpu') return 'a run takes a core seconds, and no bar is about it';
  if (placeOf(work) !== 'webgpu' || software === false) return null;
  // 128×4096×4096 takes a library two seconds, and 4096³ a minute.
  if (work.kind === 'product' && work.m * work.k * work.n >= 2 ** 31)
    return 'the adapter is software, and a run takes seconds';
  if (work.kind !== 'product') return 'the adapter is software, and its bar is for a GPU';
  return null;
}

type Runs = Pick<BenchCase, 'backend' | 'placement' | 'transport' | 'worldSize'>;

/** The work as the benchmark's record has it, done by such ranks. */
export function caseOf(work: Work, runs: Runs): BenchCase {
  const shared = { ...runs, dtype: 'f32', variant: '' } as const;
  if (work.kind === 'all_reduce') return { ...shared, op: 'all_reduce', shape: {}, bytes: work.bytes };
  const { m, k, n } = work;
  if (work.kind === 'row_linear')
    return { ...shared, op: 'row_linear', shape: { m, k, n }, bytes: runs.worldSize > 1 ? 4 * m * n : 0 };
  return { ...shared, op: 'gemm', shape: { m, k, n }, bytes: 0 };
}
