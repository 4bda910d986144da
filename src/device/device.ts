/**
 * What a layer computes with. A device is one queue: operations are enqueued in order and nothing is waited
 * for but `read`, `stage` and `sync`. It knows nothing of other ranks: it is *not* a communicator.
 */

export interface Tensor {
  /** May hold zeros: a rank can own an empty shard. */
  readonly shape: readonly number[];
  /** The product of `shape`. */
  readonly length: number;
}

export type DeviceKind = 'webgpu' | 'cpu';

export interface DeviceInfo {
  readonly kind: DeviceKind;
  /** One line for people: "NVIDIA Ampere", "SwiftShader (software)", "JavaScript, 1 thread". */
  readonly label: string;
  /** True where the adapter is emulated on the CPU. */
  readonly software: boolean;
  /** Fields of GPUAdapterInfo, empty on the CPU. */
  readonly adapter: Readonly<Record<string, string>>;
  /** Whether spans carry `gpuMs`. */
  readonly timestamps: boolean;
}

export interface Device {
  readonly info: DeviceInfo;

  /** Copies `data` to the device. `shape` may hold zeros. Accepts views on shared memory. */
  tensor(data: Float32Array, shape: readonly number[]): Tensor;
  /** A copy of the values, after all that was enqueued before. */
  read(tensor: Tensor): Promise<Float32Array>;
  free(...tensors: Tensor[]): void;

  /**
   * The values where the host, and so a collective, can change them: the tensor's own memory where the device
   * computes in host memory (no copy), else a copy in memory from `allocate`. Give it back with `unstage`.
   */
  stage(tensor: Tensor, allocate: (length: number) => Float32Array): Promise<Float32Array>;
  /** Makes changed values the tensor's again; free where `host` is the tensor's own memory. */
  unstage(tensor: Tensor, host: Float32Array): void;

  /** Waits until everything enqueued has run, so that the trace can tell operations apart. */
  sync(): Promise<void>;
  close(): void;

  /** y = x·Wᵀ (+ b). x `[M, K]`, w `[N, K]` as PyTorch stores it, b `[N]` → `[M, N]`. K = 0 gives b or zeros. */
  linear(x: Tensor, w: Tensor, b?: Tensor): Tensor;
  /** a + b, element by element, or with b `[N]` added to each row of a `[…, N]`. */
  add(a: Tensor, b: Tensor): Tensor;
  /** A copy of columns `start … end` of x `[M, K]` → `[M, end − start]`. */
  columns(x: Tensor, start: number, end: number): Tensor;
}
