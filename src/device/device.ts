/**
 * What a layer computes with. A device is one queue: operations are enqueued in order and nothing is waited
 * for but `read`, `stage` and `sync`. It knows nothing of other ranks: it is *not* a communicator.
 */

import type { TensorData } from '../numerics/tensorData.ts';
import type { OperationName, Operations, Tensor } from '../operations/signatures.ts';
import type { TunedKernels } from '../tuning/table.ts';

export type * from '../operations/signatures.ts';

export type DeviceKind = 'webgpu' | 'cpu';

/** `auto`: webgpu where an adapter answers, else cpu. */
export type DeviceChoice = DeviceKind | 'auto';

export interface DeviceInfo {
  readonly kind: DeviceKind;
  /** One line for people: "NVIDIA Ampere", "SwiftShader (software)", "WASM SIMD, 1 thread". */
  readonly label: string;
  /** True where the adapter is emulated on the CPU. */
  readonly software: boolean;
  /** Fields of GPUAdapterInfo, empty on the CPU. */
  readonly adapter: Readonly<Record<string, string>>;
  /** Whether spans carry `gpuMs`. */
  readonly timestamps: boolean;
  /** The longest tensor that a GPU's adapter allows; left out where memory is the only bound. */
  readonly maxTensorBytes?: number;
  /** Whether 16-bit floats and blocks stay as they are; left out where the device makes float32 of them. */
  readonly keepsPacked?: true;
}

export type PreparedRun = (start?: number) => void;

export interface Device extends Operations {
  readonly info: DeviceInfo;

  /**
   * Copies `data` to the device. `shape` may hold zeros. Accepts views on shared memory. Of 16-bit floats and of blocks,
   * where the device keeps them, it makes a tensor that only the weights of `packedOperands` may be (operations.ts), and
   * gives the results of the same numbers in float32, bit for bit.
   */
  tensor(data: TensorData, shape: readonly number[]): Tensor;
  /** Memory that is allocated and not uploaded: a KV cache, a sum to be. */
  zeros(shape: readonly number[]): Tensor;
  /** A copy of the values, in float32, after all that was enqueued before. */
  read(tensor: Tensor): Promise<Float32Array>;
  free(...tensors: Tensor[]): void;

  /** The tensor's own memory, where the device computes in the host's; left out where it has another. */
  valuesOf?(tensor: Tensor): Float32Array;

  /**
   * The values where the host, and so a collective, can change them: the tensor's own memory where the device
   * computes in host memory (no copy), else a copy in memory from `allocate`. Give it back with `unstage`.
   */
  stage(tensor: Tensor, allocate: (length: number) => Float32Array): Promise<Float32Array>;
  /** Makes changed values the tensor's again; free where `host` is the tensor's own memory. */
  unstage(tensor: Tensor, host: Float32Array): void;

  /**
   * Takes the kernels that were measured to be the fastest from now on; left out where there is no choice. No bit of a
   * result changes.
   */
  preferTuned?(kernels: TunedKernels): void;

  /**
   * Makes an operation ready to run once more into the tensor that it made, or to change the one that it changes. From one
   * run to the next the values of its operands may differ, and its `start` if it has one: it is a call of the kernel and no
   * more, and nobody need allocate or free.
   * @returns runs it, from another start where one is given; throws LabError `input` where a tensor was freed since, or has
   *   no rows there
   * @throws LabError `input` where a tensor was freed, or the result would have another shape
   */
  prepare(result: Tensor, op: OperationName, args: readonly unknown[]): PreparedRun;

  /** Waits until everything enqueued has run, so that the trace can tell operations apart. */
  sync(): Promise<void>;
  close(): void;
}
