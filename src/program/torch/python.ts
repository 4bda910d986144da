/** Values of ours as Python writes them. */

import { type Range, shardRanges } from '../../numerics/ranges.ts';
import type { Helper } from './helpers.ts';

/**
 * Gives a name, and notes that the text needs it: of a helper, or of the position of the first token, '' in a step that is
 * the same at every position.
 */
export type Use = (name: Helper | 'position') => string;

export function python(value: number | boolean | string): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value === Number.POSITIVE_INFINITY) return 'float("inf")';
  if (value === Number.NEGATIVE_INFINITY) return 'float("-inf")';
  return typeof value === 'string' ? `"${value}"` : `${value}`;
}

/** (1, 2), or (1,) of one. */
export function tuple(values: readonly (string | number)[]): string {
  return values.length === 1 ? `(${values[0]},)` : `(${values.join(', ')})`;
}

/** A number that need not be the same on every rank. */
export function byRank(values: readonly number[]): string {
  const [first = 0] = values;
  return values.every((value) => value === first)
    ? python(first)
    : `[${values.map(python).join(', ')}][dist.get_rank()]`;
}

/** "f(…)", with arguments by name for what differs from the default. */
export function call(
  name: string,
  args: readonly string[],
  named: Readonly<Record<string, string>> = {},
): string {
  return `${name}(${[...args, ...Object.entries(named).map(([key, value]) => `${key}=${value}`)].join(', ')})`;
}

/** A rank's range of dimension `dim` of t, which is `total` long. */
export function cutText(use: Use, t: string, ranges: readonly Range[], dim: number, total: number): string {
  const along = dim === 0 ? {} : { dim: python(dim) };
  if (ranges.every(({ start, end }) => start === 0 && end === total)) return t;
  const even = shardRanges(total, ranges.length);
  if (ranges.every(({ start, end }, rank) => start === even[rank]?.start && end === even[rank]?.end))
    return call(use('shard'), [t], along);
  return call(use('part'), [t, rangesText(ranges)], along);
}

/** [(0, 3), (3, 5)] */
export function rangesText(ranges: readonly Range[]): string {
  return `[${ranges.map(({ start, end }) => tuple([start, end])).join(', ')}]`;
}

/** "[4, 6]"; "[4, 2–3]" where ranks differ. */
export function shapeText(shapes: readonly (readonly number[])[]): string {
  const [first = []] = shapes;
  const sizes = first.map((_, i) => {
    const all = shapes.map((shape) => shape[i] ?? 0);
    const [least, most] = [Math.min(...all), Math.max(...all)];
    return least === most ? `${most}` : `${least}–${most}`;
  });
  return `[${sizes.join(', ')}]`;
}
