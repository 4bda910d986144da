/** A library that multiplies, as a worker drives it. */

/** How a library multiplies x `[m, k]` by w `[k, n]`, both of which it keeps as it likes best. */
export interface Library {
  load(x: Float32Array, w: Float32Array, sizes: Sizes): Promise<void>;
  /** Multiplies so often, and waits for all of it at the end. */
  run(times: number): Promise<void>;
  /** One product more, `[m, n]`. */
  result(): Promise<Float32Array>;
  release(): Promise<void>;
}

export interface Sizes {
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

export type Backend = 'wasm' | 'webgpu';

export type LibraryName = 'tfjs' | 'ort' | 'jax';
