/**
 * What a layer asks of its configuration, when it is made: a fraction, a NaN or a negative size would cut weights
 * somewhere in the middle, or leave a rank without its part, and nothing would say so.
 */

import { LabError } from '../base/errors.ts';
import type { Range } from '../numerics/ranges.ts';

/** @throws LabError `input` unless each is a whole number of at least `least` */
export function checkSizes(layer: string, sizes: Readonly<Record<string, number>>, least = 1): void {
  for (const [name, size] of Object.entries(sizes)) {
    if (Number.isSafeInteger(size) && size >= least) continue;
    throw new LabError(
      'input',
      `${layer}: ${name} is ${size}; it needs to be a whole number from ${least} up.`,
    );
  }
}

/** @throws LabError `input` unless the second size is a multiple of the first */
export function checkDivides(
  layer: string,
  [divisor, by]: readonly [name: string, size: number],
  [total, size]: readonly [name: string, size: number],
): void {
  if (size % by === 0) return;
  throw new LabError('input', `${layer}: ${size} ${total} do not divide by ${by} ${divisor}.`);
}

/** @throws LabError `input` unless it is a finite number of at least 0 */
export function checkEpsilon(layer: string, epsilon: number): void {
  if (Number.isFinite(epsilon) && epsilon >= 0) return;
  throw new LabError('input', `${layer}: ε is ${epsilon}; it needs to be a finite number from 0 up.`);
}

/** @throws LabError `input` unless there is a range for each rank, and all lie among `total` features */
export function checkRanges(layer: string, ranges: readonly Range[], total: number, worldSize: number): void {
  const inside = ({ start, end }: Range): boolean =>
    [start, end].every(Number.isSafeInteger) && 0 <= start && start <= end && end <= total;
  if (ranges.length === worldSize && ranges.every(inside)) return;
  const given = ranges.map(({ start, end }) => `${start} … ${end}`).join(', ');
  throw new LabError(
    'input',
    `${layer}: the ranges are ${given || 'none'}; ${worldSize} are needed, one a rank, among ${total} features.`,
  );
}
