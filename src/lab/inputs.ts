/** Reads what a visitor typed or a link says, and puts what is wrong with it into the words of all pages. */

import { quoted } from '../base/shown.ts';
import { DEVICE_CHOICES } from '../protocol.ts';

const TRUTHS: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['true', true],
  ['0', false],
  ['false', false],
]);

/** NaN where it is no number. */
export function numberFrom(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

/** The text itself where it is neither true nor false. */
export function truthFrom(text: string): boolean | string {
  return TRUTHS.get(text) ?? text;
}

/** As a link says it. */
export function textOf(value: string | number | boolean): string {
  return typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
}

/** The first of whole numbers that is not from `least` to `most`; null where all are. */
export function rangeProblem(
  ranges: readonly (readonly [name: string, value: number, least: number, most: number])[],
): string | null {
  for (const [name, value, least, most] of ranges) {
    if (Number.isInteger(value) && value >= least && value <= most) continue;
    return `${name} is ${shown(value)}. It must be a whole number from ${least} to ${most.toLocaleString('en')}.`;
  }
  return null;
}

export function deviceProblem(device: string): string | null {
  return DEVICE_CHOICES.some((known) => known === device)
    ? null
    : `${quoted(device)} is no device. Use auto, webgpu or cpu.`;
}

/** A wrong value in a sentence: 2.5, −1, not a number, “maybe”. */
export function shown(value: string | number | boolean): string {
  if (typeof value === 'string') return quoted(value);
  return Number.isNaN(value) ? 'not a number' : String(value).replace('-', '−');
}

/** "134" of 134,217,728 */
export function millions(value: number): string {
  return Math.round(value / 1e6).toLocaleString('en');
}

/** The seed after this one; 1 after what is none. */
export function nextSeed(seed: number): number {
  return Number.isInteger(seed) ? (seed + 1) >>> 0 : 1;
}
