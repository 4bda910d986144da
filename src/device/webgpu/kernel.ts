/** What can be run on a GPU: plain records, apart from how they are dispatched (queue.ts). */

/** A compute shader and its constants. The same object always means the same pipeline. */
export interface Kernel {
  /** The name of its entry point, of its spans and of its GPU objects. */
  readonly name: string;
  /** WGSL sources, one after another. */
  readonly code: readonly string[];
  /** Values of the `override` constants. */
  readonly constants: Readonly<Record<string, number>>;
}

export type Workgroups = readonly [x: number, y: number];

/** One run of a kernel. Its bindings are numbered: the inputs, the output, the sizes. */
export interface Dispatch {
  readonly kernel: Kernel;
  readonly inputs: readonly GPUBuffer[];
  readonly output: GPUBuffer;
  /** The `size` struct: u32 values. */
  readonly sizes: readonly number[];
  readonly workgroups: Workgroups;
  readonly flops: number;
}

/** The specification's default limit of a side of the grid, and that of every adapter seen. */
export const maxWorkgroups = 65_535;

/** Invocations in a workgroup of an element-wise kernel. */
const elementwiseWidth = 64;

/** A kernel that computes each element by itself; the name is also the name of its entry point. */
export function elementwiseKernel(name: string, code: string): Kernel {
  return { name, code: [code], constants: { WIDTH: elementwiseWidth } };
}

/**
 * The grid of an element-wise kernel over `[m, n]`, each of whose invocations steps through the elements by the size of
 * the grid. A GPU wants many invocations at once. SwiftShader does not: to start four of them costs it as much as three
 * of their elements, and 131072 elements take 3 ms in 64 workgroups and 11 ms in 2048.
 */
export function elementwiseGrid({ m, n }: { m: number; n: number }, software: boolean): Workgroups {
  const wanted = software ? 64 : 4096;
  const rows = Math.min(m, wanted);
  const cols = Math.min(Math.ceil(n / elementwiseWidth), Math.max(1, Math.floor(wanted / rows)));
  return [cols, rows];
}
