/** What was found to be fastest, and where that holds: a table a machine, which crosses to the ranks as it is. */

import type { LinearShape } from '../operations/operations.ts';
import { classOf, distanceOf, type ShapeClass, shapeOf } from './shapeClass.ts';

/** Where measured times hold: another browser compiles, and another text is, another kernel. */
export interface TuningKey {
  /** What the adapter says of itself: "nvidia ampere". */
  readonly adapter: string;
  /** With its major version: "Chromium 156". */
  readonly browser: string;
  /** A hash of the text of all kernels. */
  readonly kernels: string;
}

/** The outcome of a race. */
export interface Tuned {
  readonly variant: string;
  /** What would be taken without a measurement. */
  readonly guess: string;
  /** The product that was timed: of the class, or where that lasts too long, one with less rows or columns. */
  readonly timed: LinearShape;
  /** Milliseconds such a product by each kernel that was timed, the fastest first. */
  readonly mediansMs: readonly (readonly [id: string, ms: number])[];
  /** Kernels that were left out, and why. */
  readonly refused: readonly (readonly [id: string, why: string])[];
}

export interface TunedTable extends TuningKey {
  /** ISO 8601. */
  readonly date: string;
  readonly linear: Readonly<Partial<Record<ShapeClass, Tuned>>>;
}

/** `off`: nothing measured counts, not even what ships. */
export type TunedKernels = readonly TunedTable[] | 'off';

/** A measurement speaks for a class that was not measured as far as this: two doublings of one side, or one of two. */
const NEAR = 2;

export function keyText({ adapter, browser, kernels }: TuningKey): string {
  return [adapter, browser, kernels].join(' | ');
}

/** "Chromium 156", "Firefox 153"; an unknown browser by all it says. Brands built on Chromium share its compiler. */
export function browserOf(userAgent: string): string {
  const found =
    /(Chrom(?:e|ium)|Firefox)\/(\d+)/.exec(userAgent) ?? /\b(Version)\/(\d+).*Safari/.exec(userAgent);
  if (found === null) return userAgent;
  const names = { Chrome: 'Chromium', Chromium: 'Chromium', Firefox: 'Firefox', Version: 'Safari' } as const;
  return `${names[found[1] as keyof typeof names]} ${found[2]}`;
}

export function withTuned(table: TunedTable, cls: ShapeClass, tuned: Tuned): TunedTable {
  return { ...table, linear: { ...table.linear, [cls]: tuned } };
}

/** The kernel for a product, by its class or the nearest one that was measured; undefined where none is near. */
export function tunedFor(
  { linear }: { readonly linear: Readonly<Partial<Record<ShapeClass, { readonly variant: string }>>> },
  shape: LinearShape,
): string | undefined {
  const cls = classOf(shape);
  if (cls === null) return undefined;
  const own = linear[cls];
  if (own !== undefined) return own.variant;
  const at = shapeOf(cls) ?? shape;
  let [nearest, least]: [string | undefined, number] = [undefined, NEAR + 1e-9];
  for (const [text, tuned] of Object.entries(linear)) {
    const other = shapeOf(text);
    const far = other === null ? Number.POSITIVE_INFINITY : distanceOf(at, other);
    if (far < least && tuned !== undefined) [nearest, least] = [tuned.variant, far];
  }
  return nearest;
}

/** What a shelf or a file gave, if it is a table; null where it is anything else. */
export function readTable(value: unknown): TunedTable | null {
  if (!isRecord(value)) return null;
  const { adapter, browser, kernels, date, linear } = value;
  const texts = [adapter, browser, kernels, date];
  if (!texts.every((text) => typeof text === 'string') || !isRecord(linear)) return null;
  const sound = Object.entries(linear).every(([cls, tuned]) => shapeOf(cls) !== null && isTuned(tuned));
  return sound ? (value as unknown as TunedTable) : null;
}

function isTuned(value: unknown): boolean {
  if (!isRecord(value) || typeof value['variant'] !== 'string' || typeof value['guess'] !== 'string')
    return false;
  const { timed, mediansMs, refused } = value;
  if (!isRecord(timed) || ![timed['m'], timed['k'], timed['n']].every(Number.isInteger)) return false;
  return isPairs(mediansMs, (ms) => Number.isFinite(ms) && Number(ms) > 0) && isPairs(refused, isText);
}

function isPairs(value: unknown, isSecond: (value: unknown) => boolean): boolean {
  return (
    Array.isArray(value) &&
    value.every((pair) => Array.isArray(pair) && pair.length === 2 && isText(pair[0]) && isSecond(pair[1]))
  );
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
