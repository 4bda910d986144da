/** The fields of a config.json, read with the checks that their names promise. Every error names field, value and need. */

import { LabError } from '../../base/errors.ts';
import { shown } from '../../base/shown.ts';

/** Of whole numbers. No published model comes near; above it, a typing error would only make a page hang. */
const MOST = 1e9;

export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;
  /** `text_config.`, before the names in errors. */
  readonly #path: string;

  private constructor(values: Readonly<Record<string, unknown>>, path: string) {
    this.#values = values;
    this.#path = path;
  }

  /** @throws LabError 'input' where `value` is not an object */
  static of(value: unknown, path = ''): Fields {
    if (isRecord(value)) return new Fields(value, path);
    throw new LabError('input', `config.json holds ${kindOf(value)}; it needs an object: { … }.`);
  }

  /** A whole number from 1. */
  count(name: string, fallback?: number): number {
    return this.whole(name, fallback, 1);
  }

  /** A whole number from `least`. */
  whole(name: string, fallback?: number, least = 0): number {
    const fits = (value: number): boolean => Number.isInteger(value) && value >= least;
    const value = this.#number(name, fallback, `a whole number from ${least}`, fits);
    if (value > MOST) throw this.wrong(name, `at most ${MOST}`);
    return value;
  }

  /** However large: θ of RoPE is 45.2e9 for a context of four million tokens. */
  positive(name: string, fallback?: number): number {
    return this.#number(name, fallback, 'a number above 0', (value) => value > 0 && Number.isFinite(value));
  }

  /** Any number. */
  number(name: string): number {
    return this.#number(name, undefined, 'a number', Number.isFinite);
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.#values[name] ?? fallback;
    if (typeof value !== 'boolean') throw this.wrong(name, 'true or false');
    return value;
  }

  /** Null where the field is missing or null. */
  text(name: string): string | null {
    const value = this.#values[name] ?? null;
    if (value !== null && typeof value !== 'string') throw this.wrong(name, 'a string');
    return value;
  }

  /** Empty where the field is missing or null. */
  list(name: string): readonly unknown[] {
    const value = this.#values[name] ?? [];
    if (!Array.isArray(value)) throw this.wrong(name, 'a list');
    return value;
  }

  /** Null where the field is missing or null. */
  object(name: string): Fields | null {
    const value = this.#values[name] ?? null;
    if (value === null) return null;
    if (!isRecord(value)) throw this.wrong(name, 'an object');
    return new Fields(value, `${this.#path}${name}.`);
  }

  /** The objects among the fields, whatever they are called. */
  objects(): Fields[] {
    return Object.keys(this.#values).flatMap((name) =>
      isRecord(this.#values[name]) ? [new Fields(this.#values[name], `${this.#path}${name}.`)] : [],
    );
  }

  /** Whether the file says null, which is not always what a missing field means. */
  isNull(name: string): boolean {
    return this.#values[name] === null;
  }

  /** Whether the field is there and not null. */
  has(name: string): boolean {
    return (this.#values[name] ?? null) !== null;
  }

  /** The error of a field that cannot be used. */
  wrong(name: string, needed: string): LabError {
    const value = this.#values[name];
    if (value === undefined) {
      return new LabError('input', `config.json has no ${this.#path}${name}; it needs ${needed}.`);
    }
    return new LabError('input', `config.json: ${this.#path}${name} is ${shown(value)}; it needs ${needed}.`);
  }

  #number(
    name: string,
    fallback: number | undefined,
    needed: string,
    fits: (value: number) => boolean,
  ): number {
    const value = this.#values[name] ?? fallback;
    if (typeof value !== 'number' || !fits(value)) throw this.wrong(name, needed);
    return value;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return value === null ? 'null' : `a ${typeof value}`;
}
