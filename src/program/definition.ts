/** What a field of a configuration may be: what controls offer, what links carry, and what is refused. */

interface Common<Path extends string> {
  /** Where it lies in the configuration: "heads", or "attention.heads" in a block's half. */
  readonly path: Path;
  /** Where it lies, if not at its path, or not there alone. */
  readonly at?: readonly string[];
  readonly label: string;
  /** As a sentence about it begins: "The number of ranks"; its label in quotes where left out. */
  readonly name?: string;
  /** The half of a block that it belongs to. */
  readonly part: Part | null;
  readonly hint?: string;
  /** Whether it means anything beside the other values of the configuration; always where left out. */
  applies?(config: object): boolean;
}

type Part = 'attention' | 'mlp';

/** A multiple of `step` (default 1) from `min` to `max`. */
export interface Size<Path extends string> extends Common<Path> {
  readonly kind: 'size';
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  /** Any number between them, and not whole ones alone. */
  readonly fraction?: true;
}

export interface Switch<Path extends string> extends Common<Path> {
  readonly kind: 'switch';
  /** On is whatever the layer has there, and off is null: RoPE. */
  readonly nullable?: true;
}

export interface Choice<Path extends string> extends Common<Path> {
  readonly kind: 'choice';
  readonly options: readonly { readonly value: string | number; readonly label: string }[];
  /** What each of them is: "layer". */
  readonly noun?: string;
  /** What it is where the configuration does not say. */
  readonly absent?: string | number;
}

export type Definition<Path extends string = string> = Size<Path> | Switch<Path> | Choice<Path>;

/** What a field of a definition holds. */
export type FieldValue = string | number | boolean;

type More<Definition> = Partial<Omit<Definition, 'kind' | 'path' | 'label'>>;

export function size<Path extends string>(
  path: Path,
  label: string,
  max: number,
  more: More<Size<Path>> = {},
): Size<Path> {
  return { kind: 'size', path, label, part: null, min: 1, max, ...more };
}

export function toggle<Path extends string>(
  path: Path,
  label: string,
  more: More<Switch<Path>> = {},
): Switch<Path> {
  return { kind: 'switch', path, label, part: null, ...more };
}

export function choice<Path extends string>(
  path: Path,
  label: string,
  options: Choice<Path>['options'],
  more: More<Choice<Path>> = {},
): Choice<Path> {
  return { kind: 'choice', path, label, part: null, options, ...more };
}

/** The same fields of a block's half, whose own configuration lies at `part`. */
export function within(part: Part, definitions: readonly Definition[]): Definition[] {
  return definitions.map((definition) => ({
    ...definition,
    part,
    path: `${part}.${definition.path}`,
    applies: (config) => definition.applies?.(Reflect.get(config, part)) ?? true,
  }));
}

export const HIDDEN = size('hidden', 'Hidden width', 512);
