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
  attention(
    q: Address,
    k: Address,
    v: Address,
    y: Address,
    t: number,
    heads: number,
    group: number,
    keyDim: number,
    valueDim: number,
    valueStride: number,
    start: number,
    causal: boolean,
    window: number,
    scale: number,
    scratch: Address,
  ): void;
  addRows(
    target: Address,
    x: Address,
    indices: Address,
    weights: Address,
    s: number,
    d: number,
    count: number,
  ): void;
  columns(x: Address, y: Address, m: number, heads: number, k: number, n: number, start: number): void;
  concatPerHead(
    a: Address,
    b: Address,
    y: Address,
    m: number,
    heads: number,
    left: number,
    right: number,
    shared: boolean,
  ): void;
  pick(x: Address, indices: Address, y: Address, m: number, n: number): void;
  rows(x: Address, indices: Address, y: Address, v: number, d: number, count: number): void;
  add(a: Address, b: Address, y: Address, m: number, n: number): void;
  gelu(x: Address, y: Address, length: number, byTanh: boolean): void;
  siluMul(gate: Address, up: Address, y: Address, length: number): void;
  gate(
    logits: Address,
    bias: Address,
    y: Address,
    t: number,
    e: number,
    sigmoid: boolean,
    groups: number,
    topGroups: number,
    topK: number,
    normalize: boolean,
    routeScale: number,
    scratch: Address,
  ): void;
  linear(
    x: Address,
    w: Address,
    b: Address,
    y: Address,
    m: number,
    k: number,
    n: number,
    ldx: number,
    ldy: number,
    wide: boolean,
    rows: number,
    scratch: Address,
  ): void;
  copyInto(into: Address, from: Address, length: number): void;
  divide(into: Address, divisor: number, length: number): void;
  maxInto(into: Address, from: Address, length: number): void;
  minInto(into: Address, from: Address, length: number): void;
  multiplyInto(into: Address, from: Address, length: number): void;
  sumInto(into: Address, from: Address, length: number): void;
  sumIntoBoth(a: Address, b: Address, length: number): void;
  rope(
    x: Address,
    table: Address,
    y: Address,
    t: number,
    heads: number,
    headDim: number,
    rotated: number,
    offset: number,
    interleaved: boolean,
  ): void;
  layerNorm(x: Address, w: Address, b: Address, y: Address, m: number, d: number, epsilon: number): void;
  rmsNorm(x: Address, w: Address, y: Address, m: number, d: number, epsilon: number): void;
  rowMax(x: Address, y: Address, m: number, n: number): void;
  softmax(x: Address, y: Address, m: number, n: number): void;
  sumExp(x: Address, shift: Address, y: Address, m: number, n: number): void;
  topK(x: Address, y: Address, m: number, n: number, k: number): void;
  vector(
    x: Address,
    w: Address,
    b: Address,
    y: Address,
    m: number,
    k: number,
    n: number,
    ldx: number,
    ldy: number,
  ): void;
}

const texts: Readonly<Record<Flavour, string>> = { fused, plain };
const decoded = new Map<Flavour, Uint8Array<ArrayBuffer>>();
const modules = new Map<Flavour, WebAssembly.Module>();
const runnable = new Map<Flavour, boolean>();

/** The fastest first. */
const FLAVOURS: readonly Flavour[] = ['fused', 'plain'];

/** Those that this engine can run, the fastest first. */
export function flavours(): readonly Flavour[] {
  return FLAVOURS.filter(canRun);
}

/** @throws LabError 'environment' where there is none */
export function bestFlavour(): Flavour {
  const best = FLAVOURS.find(canRun); // the others are not even looked at: every rank does this as it starts
  if (best !== undefined) return best;
  throw new LabError('environment', 'This browser has no SIMD in WebAssembly. Use one of 2023 or later.');
}

function canRun(flavour: Flavour): boolean {
  const can = runnable.get(flavour) ?? WebAssembly.validate(bytesOf(flavour));
  runnable.set(flavour, can);
  return can;
}

/**
 * @param memory shared, of any size
 * @throws LabError 'environment' where the engine has no SIMD, or the page's policy no room for WebAssembly
 */
export function kernelsOn(memory: WebAssembly.Memory, flavour = bestFlavour()): Kernels {
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
  const known = decoded.get(flavour);
  if (known !== undefined) return known;
  const text = atob(texts[flavour]);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  decoded.set(flavour, bytes);
  return bytes;
}
