/** What a visitor chooses on a page, as its definitions say: read from a link, written to it, and checked. */

import { listed, quoted } from '../base/shown.ts';
import { choice, type Definition, type FieldValue, size } from '../program/definition.ts';
import { DEVICE_CHOICES } from '../protocol.ts';

/** What every experiment has. */
export const RANKS = size('ranks', 'Ranks', 8, { name: 'The number of ranks' });
export const DEVICE = choice(
  'device',
  'Device',
  DEVICE_CHOICES.map((value) => ({ value, label: value })),
  { noun: 'device' },
);
export const SEED = size('seed', 'Seed', 0xffff_ffff, { name: 'The seed', min: 0 });

const TRUTHS: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['true', true],
  ['0', false],
  ['false', false],
]);

/** As a link says it. What is no such value is left to {@link valueProblem}: no number is NaN, the rest stays a text. */
export function valueFrom(text: string, definition: Definition | undefined): FieldValue {
  switch (definition?.kind) {
    case 'size':
      return text.trim() === '' ? Number.NaN : Number(text);
    case 'switch':
      return TRUTHS.get(text) ?? text;
    case 'choice':
      return definition.options.find(({ value }) => String(value) === text)?.value ?? text;
    default:
      return text;
  }
}

/** As a link says it. */
export function textOf(value: FieldValue): string {
  return typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
}

/** The query of a page's link: only what differs from `defaults`, in the order of the definitions. */
export function writeQuery<Params extends object>(
  definitions: readonly Definition<keyof Params & string>[],
  params: Params,
  defaults: Params,
): URLSearchParams {
  const query = new URLSearchParams();
  for (const { path } of definitions) {
    const value = params[path];
    if (value !== defaults[path]) query.set(path, textOf(value as FieldValue));
  }
  return query;
}

/** Reads {@link writeQuery} back. What is missing has its default; what is wrong is left to {@link firstProblem}. */
export function readQuery<Params extends object>(
  definitions: readonly Definition<keyof Params & string>[],
  query: URLSearchParams,
  defaults: Params,
): Params {
  const given = definitions.flatMap((definition) => {
    const text = query.get(definition.path);
    return text === null ? [] : [[definition.path, valueFrom(text, definition)]];
  });
  return { ...defaults, ...Object.fromEntries(given) };
}

/** Why the first of the parameters that is not what its definition allows cannot be; null where all are. */
export function firstProblem<Params extends object>(
  definitions: readonly Definition<keyof Params & string>[],
  params: Params,
): string | null {
  for (const definition of definitions) {
    const problem = valueProblem(definition, params[definition.path] as FieldValue);
    if (problem !== null) return problem;
  }
  return null;
}

/** Why a value is not what its definition allows, and what would be; null where it is. */
export function valueProblem(definition: Definition, value: FieldValue): string | null {
  const { name = `“${definition.label}”` } = definition;
  switch (definition.kind) {
    case 'size': {
      const { min, max, step = 1, fraction } = definition;
      if (fraction) {
        if (typeof value === 'number' && value >= min && value <= max) return null;
        return `${name} is ${shown(value)}. It must be a number from ${min} to ${max.toLocaleString('en')}.`;
      }
      const whole = typeof value === 'number' && Number.isInteger(value);
      if (whole && value >= min && value <= max && value % step === 0) return null;
      const number = step === 1 ? 'a whole number' : `a multiple of ${step}`;
      return `${name} is ${shown(value)}. It must be ${number} from ${min} to ${max.toLocaleString('en')}.`;
    }
    case 'switch':
      return typeof value === 'boolean' ? null : `${name} is ${shown(value)}. It must be 1 or 0.`;
    case 'choice': {
      const values = definition.options.map((option) => option.value);
      if (typeof value !== 'boolean' && values.includes(value)) return null;
      const wrong =
        definition.noun === undefined
          ? `${name} is ${shown(value)}`
          : `${shown(value)} is no ${definition.noun}`;
      return `${wrong}. Use ${listed(values.map(String), 'or')}.`;
    }
    default:
      return definition satisfies never;
  }
}

/** A wrong value in a sentence: 2.5, −1, not a number, “maybe”. */
function shown(value: FieldValue): string {
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
