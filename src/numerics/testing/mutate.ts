/** Damages texts, values and bytes, by a seed: what a file is like after a bad copy, a careless edit, or malice. */

import { hash32 } from '../random.ts';

/** What stands where something else was expected. */
const ODD: readonly unknown[] = [
  null,
  true,
  false,
  '',
  'x',
  '__proto__',
  '1',
  'NaN',
  [],
  {},
  [[[[]]]],
  [1, '2'],
  { a: 1 },
  0,
  -1,
  1.5,
  3,
  1e-300,
  2 ** 31,
  2 ** 53,
  1e300,
];
const LETTERS = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '0',
  '-',
  'e9',
  '.5',
  ' ',
  '\n',
  '\0',
  'é',
  '\uD800',
  '&',
  '=',
  '%',
  '#',
];

/** Draws the same each time for the same seed. */
export class Draw {
  readonly #seed: number;
  #drawn = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** A whole number from 0, below `count`. */
  below(count: number): number {
    return hash32(this.#seed, this.#drawn++) % Math.max(1, count);
  }

  of<T>(all: readonly T[]): T {
    return all[this.below(all.length)] as T;
  }
}

/** The value with one thing in it changed: replaced, left out, doubled, exchanged with its neighbour, nudged. */
export function mutateValue(value: unknown, draw: Draw): unknown {
  if (typeof value !== 'object' || value === null) return replaced(value, draw);
  const inner = Object.keys(value);
  if (inner.length === 0 || draw.below(8) === 0) return replaced(value, draw);
  const key = draw.of(inner);
  if (Array.isArray(value)) {
    const at = Number(key);
    const item: unknown = value[at];
    switch (draw.below(7)) {
      case 0:
        return value.toSpliced(at, 1);
      case 1:
        return value.toSpliced(at, 0, item);
      default:
        return value.with(at, mutateValue(item, draw));
    }
  }
  const entries = Object.entries<unknown>({ ...value });
  const at = inner.indexOf(key);
  const item: unknown = Reflect.get(value, key);
  const other = draw.of(inner);
  switch (draw.below(10)) {
    case 0:
      return Object.fromEntries(entries.toSpliced(at, 1));
    case 1:
      return Object.fromEntries(entries.with(at, [`${key}_`, item]));
    case 2:
      return { ...value, [other]: item };
    default:
      return Object.fromEntries(entries.with(at, [key, mutateValue(item, draw)]));
  }
}

function replaced(value: unknown, draw: Draw): unknown {
  if (typeof value === 'number' && draw.below(2) === 0) {
    return draw.of([
      -value,
      value + 1,
      value - 1,
      value + 0.5,
      2 * value,
      value / 3,
      value * 1e9,
      String(value),
    ]);
  }
  if (typeof value === 'boolean' && draw.below(2) === 0) return !value;
  if (typeof value === 'string' && draw.below(2) === 0) return mutateText(value, draw);
  return draw.of(ODD);
}

/** The text with a few letters lost, doubled, moved or put in. */
export function mutateText(text: string, draw: Draw): string {
  const start = draw.below(text.length + 1);
  const end = Math.min(text.length, start + draw.of([1, 1, 1, 2, 5, 40]));
  const [before, own, after] = [text.slice(0, start), text.slice(start, end), text.slice(end)];
  switch (draw.below(6)) {
    case 0:
      return before;
    case 1:
      return before + after;
    case 2:
      return before + own + own + after;
    case 3:
      return before + own.replaceAll(/\d/g, () => String(draw.below(10))) + after;
    case 4:
      return before + draw.of(LETTERS) + own + after;
    default:
      return before + draw.of(LETTERS) + after;
  }
}

/** The bytes with some changed, lost, doubled or cut off. */
export function mutateBytes(bytes: Uint8Array, draw: Draw): Uint8Array {
  const start = draw.below(bytes.length + 1);
  const end = Math.min(bytes.length, start + draw.of([1, 1, 1, 2, 8, 64]));
  const [before, own, after] = [bytes.slice(0, start), bytes.slice(start, end), bytes.slice(end)];
  switch (draw.below(5)) {
    case 0:
      return before;
    case 1:
      return Uint8Array.of(...before, ...after);
    case 2:
      return Uint8Array.of(...before, ...own, ...own, ...after);
    case 3:
      return Uint8Array.of(...before, ...own.map(() => draw.below(256)), ...after);
    default:
      return Uint8Array.of(...before, ...own.map((byte) => byte ^ (1 << draw.below(8))), ...after);
  }
}

/**
 * Damages one thing after another, and collects what `check` finds wrong with what is made of each: nothing where it is
 * refused as it has to be, or rightly taken.
 *
 * @param check throws what the reader throws; the sentences that it returns are about what was wrongly taken
 * @param refused whether that is how the reader refuses
 */
export function faultsOf<T>(
  count: number,
  damage: (draw: Draw) => T,
  check: (damaged: T) => readonly string[],
  refused: (thrown: unknown) => boolean,
): { readonly faults: string[]; readonly taken: number } {
  const faults: string[] = [];
  let taken = 0;
  for (let i = 0; i < count; i++) {
    const damaged = damage(new Draw(i));
    const told = (why: string): string => `${i}: ${why}: ${String(damaged).slice(0, 1500)}`;
    try {
      faults.push(...check(damaged).map(told));
      taken++;
    } catch (thrown) {
      if (!refused(thrown)) faults.push(told(String(thrown)));
    }
  }
  return { faults, taken };
}
