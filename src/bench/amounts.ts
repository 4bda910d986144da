/** Sizes, times and shapes as people type them: 4KiB, 1KiB:64MiB, 200ms, 64x2048x8192. Each is written as it is read. */

import { LabError } from '../base/errors.ts';
import { quoted } from '../base/shown.ts';
import type { LinearShape } from '../operations/operations.ts';

const UNITS: readonly [name: string, bytes: number][] = [
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
  ['', 1],
];

/** Lists shorter than this are not worth a range. */
const LEAST_RANGE = 4;
/** More would be a mistyped range: 4B to 256 MiB by doubling is 27. */
const MOST_SIZES = 64;

/** 4096 → 4KiB; what is no whole number of a unit stands in bytes. */
export function sizeToText(bytes: number): string {
  const [name, unit] = UNITS.find(([, unit]) => bytes > 0 && bytes % unit === 0) ?? ['', 1];
  return `${bytes / unit}${name}`;
}

/** Bytes by commas; `first:last` doubles, `first:last:4` quadruples. @throws LabError `input` */
export function sizesFromText(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [first = '', last, factor = '2', ...more] = part.split(':');
    const start = sizeFromText(first);
    if (last === undefined) return [start];
    const end = sizeFromText(last);
    const step = Number(factor);
    const count = Math.log(end / start) / Math.log(step) + 1;
    if (more.length > 0 || !Number.isInteger(step) || step < 2 || !(count >= 1 && count <= MOST_SIZES)) {
      throw new LabError(
        'input',
        `${quoted(part)} is no range of sizes. Use first:last, as 1KiB:64MiB, or 1KiB:64MiB:4.`,
      );
    }
    return geometric(start, end, step);
  });
}

/** The shortest text that sizesFromText reads back. */
export function sizesToText(sizes: readonly number[]): string {
  const [first = 0, second = 0] = sizes;
  const last = sizes.at(-1) ?? 0;
  const step = second / first;
  const isRange =
    sizes.length >= LEAST_RANGE &&
    Number.isInteger(step) &&
    step >= 2 &&
    geometric(first, last, step).join() === sizes.join();
  if (!isRange) return sizes.map(sizeToText).join(',');
  return `${sizeToText(first)}:${sizeToText(last)}${step === 2 ? '' : `:${step}`}`;
}

function geometric(first: number, last: number, step: number): number[] {
  const sizes: number[] = [];
  for (let size = first; size <= last; size *= step) sizes.push(size);
  return sizes;
}

function sizeFromText(text: string): number {
  const [, number = '', unit = ''] = /^\s*(\d+) ?(B|KiB|MiB|GiB|)\s*$/.exec(text) ?? [];
  if (number === '')
    throw new LabError('input', `${quoted(text)} is no size. Use bytes, KiB or MiB, as 4KiB.`);
  return Number(number) * (UNITS.find(([name]) => name === unit)?.[1] ?? 1);
}

/** 500ms, 2s. */
export function budgetToText(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** In milliseconds. @throws LabError `input` */
export function budgetFromText(text: string): number {
  const [, number = '', unit] = /^\s*(\d+(?:\.\d+)?) ?(ms|s)\s*$/.exec(text) ?? [];
  if (number === '')
    throw new LabError(
      'input',
      `${quoted(text)} is no time for a case. Use seconds or milliseconds: 2s, 200ms.`,
    );
  return unit === 'ms' ? Number(number) : Number((1000 * Number(number)).toFixed(6)); // 1000 · 0.57 is less than 570
}

/** 64x2048x8192 */
export function shapeToText({ m, k, n }: LinearShape): string {
  return `${m}x${k}x${n}`;
}

/** @throws LabError `input` */
export function shapesFromText(text: string): LinearShape[] {
  return text.split(',').map((part) => {
    const [, m, k, n] = /^\s*(\d+)[x×](\d+)[x×](\d+)\s*$/.exec(part) ?? [];
    if (n === undefined) {
      throw new LabError(
        'input',
        `${quoted(part)} is no shape. Use m, k and n of x [m, k] by W [n, k]: 64x2048x8192.`,
      );
    }
    return { m: Number(m), k: Number(k), n: Number(n) };
  });
}
