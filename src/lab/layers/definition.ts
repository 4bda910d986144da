/** What a field of a layer's configuration may be. */

import type { LayerSpec } from '../../program/layers.ts';

interface Common<Path extends string> {
  /** Key in `LayerParams.sizes`, and in the configuration of the layer, or of a block's half. */
  readonly path: Path;
  readonly label: string;
  /** The half of a block that it belongs to. */
  readonly part: 'attention' | 'mlp' | null;
  readonly hint?: string;
  /** Whether it means anything beside the other values; always where left out. */
  readonly applies?: (spec: LayerSpec) => boolean;
}

/** A multiple of `step` (default 1) from `min` to `max`. */
interface Size<Path extends string> extends Common<Path> {
  readonly kind: 'size';
  readonly min: number;
  readonly max: number;
  readonly step?: number;
}

interface Switch<Path extends string> extends Common<Path> {
  readonly kind: 'switch';
}

interface Choice<Path extends string> extends Common<Path> {
  readonly kind: 'choice';
  readonly options: readonly { readonly value: string | number; readonly label: string }[];
}

export type Definition<Path extends string = string> = Size<Path> | Switch<Path> | Choice<Path>;

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
