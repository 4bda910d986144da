/** Which kernel a measurement, or a guess by the maker of the adapter, has for a product: the one place that reads tables. */

import type { LinearShape } from '../../operations/operations.ts';
import { classOf } from '../../tuning/shapeClass.ts';
import { shippedFor } from '../../tuning/shipped.ts';
import { browserOf, keyText, type TunedKernels, type TuningKey, tunedFor } from '../../tuning/table.ts';
import type { DeviceInfo } from '../device.ts';
import { linearVariants } from './products.ts';

/**
 * Makers of GPUs that are small, or shared with the processor. The tile that llama.cpp found to be the best over all of
 * them has 79 % of each one's own best speed on average; what a data-centre GPU wants has a fraction.
 */
const SMALL = ['apple', 'arm', 'img-tec', 'intel', 'qualcomm', 'samsung'];
const PORTABLE = 'tiles-32-short';

/** Shapes that have every kernel of a variant: with a K and an N that are multiples of 4, or not; and of few rows. */
const SAMPLES: readonly LinearShape[] = [
  ...[1, 2, 3, 4].map((m) => ({ m, k: 4, n: 4 })),
  ...[4, 5].flatMap((k) => [4, 5].map((n) => ({ m: 8, k, n }))),
];

let hash: string | null = null;

/** A hash of the text and the constants of all kernels of `linear`. */
function kernelsHash(): string {
  hash ??= hashText(
    linearVariants.flatMap(({ accepts, kernel }) =>
      SAMPLES.filter((shape) => accepts?.(shape) ?? true).map((shape) => {
        const { code, constants } = kernel(shape, 'f32');
        return [...code, JSON.stringify(constants)].join('\n');
      }),
    ),
  );
  return hash;
}

export function tuningKey({ adapter }: DeviceInfo, userAgent: string): TuningKey {
  const said = Object.values(adapter).filter((word) => word !== '');
  return { adapter: said.join(' '), browser: browserOf(userAgent), kernels: kernelsHash() };
}

/** The id of a variant for a product; undefined where `choose` is to go by what suits the adapter. */
export type TunedLinear = (shape: LinearShape) => string | undefined;

/** What a machine found out by itself goes before what ships, and that before the guess. */
export function tunedLinear(info: DeviceInfo, userAgent: string, kernels: TunedKernels): TunedLinear {
  const isSmall = !info.software && SMALL.includes(info.adapter['vendor'] ?? '');
  const guess: TunedLinear = (shape) => (isSmall && classOf(shape) !== null ? PORTABLE : undefined);
  if (kernels === 'off') return guess;
  const key = kernels.length === 0 ? null : keyText(tuningKey(info, userAgent));
  const own = kernels.find((table) => keyText(table) === key);
  const shipped = shippedFor(Object.values(info.adapter).join(' '));
  const tables = [own, shipped].filter((table) => table !== undefined && table !== null);
  if (tables.length === 0) return guess;
  const known = new Map<string, string | undefined>();
  return (shape) => {
    const cls = classOf(shape);
    if (cls === null) return undefined;
    if (!known.has(cls)) {
      known.set(
        cls,
        tables.map((table) => tunedFor(table, shape)).find((id) => id !== undefined),
      );
    }
    return known.get(cls) ?? guess(shape);
  };
}

/** FNV-1a over the texts' units. */
function hashText(texts: readonly string[]): string {
  let hashed = 0x811c9dc5;
  for (const text of new Set(texts)) {
    for (let i = 0; i < text.length; i++) hashed = Math.imul(hashed ^ text.charCodeAt(i), 0x01000193);
    hashed = Math.imul(hashed ^ 0xffff, 0x01000193);
  }
  return (hashed >>> 0).toString(16).padStart(8, '0');
}
