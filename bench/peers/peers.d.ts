/** Of the peers what is used here, so that types can be checked where they are not installed. */

declare module '@tensorflow/tfjs-core' {
  export interface Tensor {
    data(): Promise<Float32Array>;
    dispose(): void;
  }
  export function env(): { set(flag: string, value: boolean): void };
  export function setBackend(name: string): Promise<boolean>;
  export function ready(): Promise<void>;
  export function tensor2d(values: Float32Array, shape: [number, number]): Tensor;
  export function matMul(a: Tensor, b: Tensor): Tensor;
  export function slice(of: Tensor, begin: [number, number], size: [number, number]): Tensor;
}

declare module '@tensorflow/tfjs-backend-wasm' {
  export function setWasmPaths(folder: string): void;
}

declare module '@tensorflow/tfjs-backend-webgpu' {}

declare module 'onnxruntime-web/wasm' {
  export interface Tensor {
    getData(): Promise<Float32Array>;
    dispose(): void;
  }
  export interface InferenceSession {
    run(feeds: { readonly x: Tensor }): Promise<{ readonly y?: Tensor }>;
    release(): Promise<void>;
  }
  export interface OrtModule {
    readonly env: {
      readonly wasm: { numThreads: number };
      readonly webgpu: { readonly device: Promise<GPUDevice> };
    };
    readonly InferenceSession: {
      create(model: Uint8Array, options: Readonly<Record<string, unknown>>): Promise<InferenceSession>;
    };
    readonly Tensor: {
      new (type: 'float32', data: Float32Array, dims: readonly number[]): Tensor;
      fromGpuBuffer(buffer: GPUBuffer, options: { dataType: 'float32'; dims: readonly number[] }): Tensor;
    };
  }
  export const env: OrtModule['env'];
  export const InferenceSession: OrtModule['InferenceSession'];
  export const Tensor: OrtModule['Tensor'];
}

declare module 'onnxruntime-web/webgpu' {
  export * from 'onnxruntime-web/wasm';
}

declare module '@jax-js/jax' {
  export interface Array {
    readonly ref: this;
    data(): Promise<ArrayBufferView>;
    dispose(): void;
  }
  export function init(...devices: string[]): Promise<string[]>;
  export function defaultDevice(device: string): string;
  export function blockUntilReady<T>(arrays: T): Promise<T>;
  export function jit(f: (x: Array, w: Array) => Array): (x: Array, w: Array) => Array;
  export const numpy: {
    array(values: Float32Array, options: { shape: number[] }): Array;
    matmul(x: Array, w: Array): Array;
  };
}
