/** The kernels of `kernels/` on a memory: what they are called with, and which of two modules an engine can run. */

import { base64 as fused } from '../../kernels/index.ts?wasm=fused';
import { base64 as plain } from '../../kernels/index.ts?wasm=plain';
import { LabError, sentenceOf } from '../base/errors.ts';

/**
 * How a · b + c is computed: `fused` by relaxed SIMD's multiply-add, which rounds once where the processor can, `plain` by
 * the SIMD that every engine has, which rounds twice. All ranks of a group have the same.
 */
export type Flavour = 'fused' | 'plain';

/** A byte offset in the memory. */
type Address = number;

/** What the modules export. Where no comment says more, see the file in `kernels/`. */
export interface Kernels {
  divide(into: Address, divisor: number, length: number): void;
  maxInto(into: Address, from: Address, length: number): void;
  minInto(into: Address, from: Address, length: number): void;
  multiplyInto(into: Address, from: Address, length: number): void;
  sumInto(into: Address, from: Address, length: number): void;
}

const texts: Readonly<Record<Flavour, string>> = { fused, plain };
const modules = new Map<Flavour, WebAssembly.Module>();

/** Those that this engine can run, the fastest first. */
export function flavours(): Flavour[] {
  return (['fused', 'plain'] as const).filter((flavour) => WebAssembly.validate(bytesOf(flavour)));
}

/**
 * @param memory shared, of any size
 * @throws LabError 'environment' where the engine has no SIMD, or the page's policy no room for WebAssembly
 */
export function kernelsOn(memory: WebAssembly.Memory, flavour: Flavour | undefined = flavours()[0]): Kernels {
  if (flavour === undefined) {
    throw new LabError('environment', 'This browser has no SIMD in WebAssembly. Use one of 2023 or later.');
  }
  // The module exports what kernels/index.ts does, and its compiler has no types for us.
  return new WebAssembly.Instance(moduleOf(flavour), { env: { memory } }).exports as unknown as Kernels;
}

function moduleOf(flavour: Flavour): WebAssembly.Module {
  const known = modules.get(flavour);
  if (known !== undefined) return known;
  try {
    const made = new WebAssembly.Module(bytesOf(flavour));
    modules.set(flavour, made);
    return made;
  } catch (cause) {
    throw new LabError(
      'environment',
      `The browser does not compile WebAssembly here: ${sentenceOf(cause)} The page's Content-Security-Policy needs ` +
        "'wasm-unsafe-eval' among its script-src.",
      { cause },
    );
  }
}

function bytesOf(flavour: Flavour): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(texts[flavour]), (character) => character.charCodeAt(0));
}
