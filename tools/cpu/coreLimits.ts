/** Runs what limits.ts counts. */

import { base64 } from '../../kernels/limits.ts?wasm=fused';
import type { Arena } from '../../src/wasm/arena.ts';
import { COPY_BYTES, type Limit, PEAK_COUNT } from './limits.ts';

interface Kernels {
  multiplyAdd(at: number, count: number): void;
  copy(to: number, from: number, bytes: number): void;
}

/** @param arena holds the two sides of the copy */
export function coreLimits(arena: Arena): Map<Limit, () => void> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory: arena.memory } });
  const { multiplyAdd, copy } = instance.exports as unknown as Kernels;
  const [from, to, vector] = [COPY_BYTES / 4, COPY_BYTES / 4, 4].map((length) => {
    const place = arena.allocate(length);
    if (place === null) throw new Error('There is no memory for the copy.');
    return place.fill(0).byteOffset;
  }) as [number, number, number];
  return new Map([
    ['peak', () => multiplyAdd(vector, PEAK_COUNT)],
    ['copy', () => copy(to, from, COPY_BYTES)],
  ]);
}
