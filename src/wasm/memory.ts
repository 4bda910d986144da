/**
 * Memory for tensors: shared, so that other ranks and WASM kernels reach it, and able to grow, so that nobody has to know
 * beforehand how much it will take.
 */

export const PAGE_BYTES = 65_536;
/** What a WebAssembly memory can have, but for its last page: so no tensor ends where addresses begin again. */
export const MAX_BYTES = 2 ** 32 - PAGE_BYTES;

/** Each growth gives a memory another buffer, over the same bytes and more; views of earlier ones stay good. */
const buffers = new WeakMap<ArrayBufferLike, WebAssembly.Memory>();

/** `length` elements from a byte offset on. */
export function floatsIn(memory: WebAssembly.Memory, offset: number, length: number): Float32Array {
  const { buffer } = memory;
  buffers.set(buffer, memory);
  return new Float32Array(buffer, offset, length);
}

/** Whether `data` is of `floatsIn(memory, …)`, or a part of that: then `data.byteOffset` is its address for kernels. */
export function liesIn(memory: WebAssembly.Memory, data: Float32Array): boolean {
  return buffers.get(data.buffer) === memory;
}

/**
 * A shared memory of `bytes` or up to a page more. It may grow to 4 GiB, or to as much as this engine reserves: a browser
 * on a phone may not have so many addresses, and then half of that is asked for, and so on.
 * @throws RangeError where even a memory that cannot grow is refused
 */
export function sharedMemory(bytes: number): WebAssembly.Memory {
  const initial = Math.ceil(bytes / PAGE_BYTES);
  for (let maximum = MAX_BYTES / PAGE_BYTES; maximum > initial; maximum = Math.floor(maximum / 2)) {
    try {
      return new WebAssembly.Memory({ initial, maximum, shared: true });
    } catch {
      // Fewer, then.
    }
  }
  return new WebAssembly.Memory({ initial, maximum: initial, shared: true });
}
