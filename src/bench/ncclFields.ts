/** The fields of nccl-tests' JSON, read with the checks that their names promise. Every error names field, value and need. */

import { LabError } from '../base/errors.ts';
import { shown } from '../base/shown.ts';
import { isCount, isFigure, isObject } from './fieldKinds.ts';

export class NcclFields {
  readonly #values: Readonly<Record<string, unknown>>;
  /** `results[3].`, before the names in errors. */
  readonly #path: string;

  constructor(values: Readonly<Record<string, unknown>>, path: string) {
    this.#values = values;
    this.#path = path;
  }

  /** @throws LabError `input` where `value`, which stands at `path`, is not an object */
  static of(value: unknown, path: string): NcclFields {
    if (isObject(value)) return new NcclFields(value, `${path}.`);
    throw new LabError('input', `${path} is ${shown(value)}. It must be an object.`);
  }

  has(name: string): boolean {
    return (this.#values[name] ?? null) !== null;
  }

  value(name: string): unknown {
    return this.#values[name];
  }

  text(name: string): string {
    const value = this.#values[name];
    if (typeof value !== 'string') throw this.wrong(name, 'a text');
    return value;
  }

  /** A whole number from 0. */
  count(name: string): number {
    const value = this.#values[name];
    if (!isCount(value)) throw this.wrong(name, 'a whole number from 0 on');
    return value;
  }

  /** A time or a bandwidth. */
  figure(name: string): number {
    const value = this.#values[name];
    if (!isFigure(value)) throw this.wrong(name, 'a number from 0 on');
    return value;
  }

  figures(name: string): readonly number[] {
    const value = this.#values[name];
    if (Array.isArray(value) && value.every(isFigure)) return value;
    throw this.wrong(name, 'a list of microseconds');
  }

  /** Null where there is none. */
  object(name: string): NcclFields | null {
    return this.has(name) ? NcclFields.of(this.#values[name], this.#path + name) : null;
  }

  /** The error of a field that cannot be used. */
  wrong(name: string, needed: string): LabError {
    return this.contradiction(`${name} is ${shown(this.#values[name])}. It must be ${needed}.`);
  }

  /** The error of fields that do not fit each other: a sentence that begins with one of them. */
  contradiction(sentence: string): LabError {
    return new LabError('input', this.#path + sentence);
  }
}
