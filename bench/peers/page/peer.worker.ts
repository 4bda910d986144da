/** A thread with one library on one backend, which multiplies the numbers that our benchmark does. */

import * as Comlink from 'comlink';
import { bytesOf } from '../../../src/numerics/dtype.ts';
import { hash32 } from '../../../src/numerics/random.ts';
import { checkProduct } from '../../../src/rank/programs/bench/checkProduct.ts';
import { seededRows } from '../../../src/rank/programs/layer/numbers.ts';
import type { Prepared } from '../race.ts';
import type { Backend, Library, LibraryName, Sizes } from './peer.ts';

const SEED = 1;
/** As much as our own device is asked for at once. */
const MAX_PENDING_BYTES = 2 ** 28;

/** Each opens its library in this thread, and lets WASM have no other. */
const open: Readonly<Record<LibraryName, (on: Backend) => Promise<Library>>> = {
  tfjs: async (on) => (await import('./tfjs.ts')).open(on),
  ort: async (on) => (await import('./ort.ts')).open(on),
  jax: async (on) => (await import('./jax.ts')).open(on),
};

let library: Library | null = null;

/** That the library has started. One of them may compute in place of this one, which then waits. */
let threads = 0;
self.Worker = class extends Worker {
  constructor(...given: ConstructorParameters<typeof Worker>) {
    super(...given);
    threads++;
  }
};

const peer = {
  async prepare(name: LibraryName, on: Backend, sizes: Sizes): Promise<Prepared> {
    library ??= await open[name](on);
    const { m, k, n } = sizes;
    const [x, w] = [
      seededRows(hash32(SEED, 0), { start: 0, end: m }, k),
      seededRows(hash32(SEED, 1), { start: 0, end: n }, k),
    ];
    await library.load(x, transposed(w, n, k), sizes);
    const check = checkProduct(await library.result(), { m, k, n, x, w }, SEED);
    if (on === 'wasm' && threads > 1) throw new Error(`It computes on ${threads} threads.`);
    return { ...check, atOnce: Math.max(1, Math.floor(MAX_PENDING_BYTES / bytesOf(m * n, 'f32'))) };
  },
  async iterate(runs: number): Promise<number> {
    const startMs = performance.now();
    await library?.run(runs);
    return (performance.now() - startMs) / runs;
  },
  async release(): Promise<void> {
    await library?.release();
  },
};

export type Peer = typeof peer;

Comlink.expose(peer);

/** `[rows, cols]` → `[cols, rows]`. */
function transposed(values: Float32Array, rows: number, cols: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) result[col * rows + row] = values[row * cols + col] as number;
  }
  return result;
}
