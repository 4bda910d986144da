/** What can be run on a GPU: plain records, apart from how they are dispatched (runner.ts, queue.ts). */

import type { OperationName, Tensor } from '../device.ts';

/** A compute shader and its constants. The same object always means the same pipeline. */
export interface Kernel {
  /** The operation that it does: the name of its entry point, of its spans and of its GPU objects. */
  readonly name: OperationName;
  /** WGSL sources, one after another. */
  readonly code: readonly string[];
  /** Values of the `override` constants. */
  readonly constants: Readonly<Record<string, number>>;
}

export type Workgroups = readonly [x: number, y: number];

/** One run of a kernel, but for its output. Its bindings are numbered: the inputs, the output, the sizes. */
export interface Run<Input> {
  readonly kernel: Kernel;
  readonly inputs: readonly Input[];
  /** The `size` struct: its u32 values … */
  readonly sizes: readonly number[];
  /** … and its f32 values, which stand behind them. */
  readonly scalars?: readonly number[];
  readonly workgroups: Workgroups;
}

/** As an operation puts it: undefined is an operand that was left out. */
export type TensorRun = Run<Tensor | undefined>;

/** As the queue takes it. */
export interface Dispatch extends Run<GPUBuffer> {
  readonly output: GPUBuffer;
  readonly flops: number;
}

/** The specification's default limit of a side of the grid, and that of every adapter seen. */
export const maxWorkgroups = 65_535;

/** Invocations in a workgroup of an element-wise kernel. */
const elementwiseWidth = 64;

/** A kernel that computes each element by itself; the name is also the name of its entry point. */
export function elementwiseKernel(name: OperationName, ...code: readonly string[]): Kernel {
  return { name, code, constants: { WIDTH: elementwiseWidth } };
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

/**
 * Invocations in a workgroup that computes a row together, on a GPU and on a software adapter: there a barrier costs all
 * of them, and rows that wait for each other took 35 ms with 16 and 60 ms with 64. The same for every row of a device, so
 * that a row is summed in the same order wherever a cut puts it.
 */
const rowWidths = { gpu: 64, software: 16 } as const;

/** A kernel with a workgroup a row, for either kind of adapter. */
export interface RowKernel {
  readonly gpu: Kernel;
  readonly software: Kernel;
}

export function rowKernel(name: OperationName, code: readonly string[]): RowKernel {
  const withWidth = (WIDTH: number): Kernel => ({ name, code, constants: { WIDTH } });
  return { gpu: withWidth(rowWidths.gpu), software: withWidth(rowWidths.software) };
}

/** The kernel and the grid over `m` rows, each of whose workgroups steps through the rows by the size of the grid. */
export function overRows(
  kernel: RowKernel,
  m: number,
  software: boolean,
): { kernel: Kernel; workgroups: Workgroups } {
  return { kernel: software ? kernel.software : kernel.gpu, workgroups: [Math.min(m, maxWorkgroups), 1] };
}
