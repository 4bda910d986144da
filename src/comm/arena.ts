/**
 * A first-fit allocator over a rank's arena in the group memory. What lies there can be reduced in place, and handed
 * to a GPU's writeBuffer, without a copy.
 */

import type { GroupMemory } from '../group/memory.ts';

/** WASM SIMD and cache lines like it. */
const ALIGNMENT = 64;

interface Hole {
  offset: number;
  bytes: number;
}

export class Arena {
  readonly #group: GroupMemory;
  /** Free ranges, by offset, never adjacent. */
  readonly #holes: Hole[];
  readonly #taken = new Map<number, number>();

  constructor(group: GroupMemory, rank: number) {
    this.#group = group;
    const { offset, bytes } = group.arena(rank);
    const start = Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
    this.#holes = [{ offset: start, bytes: offset + bytes - start }];
  }

  /** `length` float32 elements with undefined contents; null where they do not fit. */
  allocate(length: number): Float32Array | null {
    const bytes = Math.max(1, Math.ceil((length * 4) / ALIGNMENT)) * ALIGNMENT;
    const index = this.#holes.findIndex((hole) => hole.bytes >= bytes);
    const hole = this.#holes[index];
    if (hole === undefined) return null;
    const { offset } = hole;
    hole.offset += bytes;
    hole.bytes -= bytes;
    if (hole.bytes === 0) this.#holes.splice(index, 1);
    this.#taken.set(offset, bytes);
    return this.#group.floats(offset, length);
  }

  /** Takes back what `allocate` gave; ignores any other array, so that callers need not know where theirs lies. */
  release(data: Float32Array): void {
    const bytes = this.owns(data) ? this.#taken.get(data.byteOffset) : undefined;
    if (bytes === undefined) return;
    this.#taken.delete(data.byteOffset);
    const next = this.#holes.findIndex((hole) => hole.offset > data.byteOffset);
    const at = next === -1 ? this.#holes.length : next;
    this.#holes.splice(at, 0, { offset: data.byteOffset, bytes });
    this.#merge(at);
    this.#merge(at - 1);
  }

  /** Whether `data` starts an allocation of this arena. */
  owns(data: Float32Array): boolean {
    return data.buffer === this.#group.buffer && this.#taken.has(data.byteOffset);
  }

  #merge(index: number): void {
    const hole = this.#holes[index];
    const next = this.#holes[index + 1];
    if (hole === undefined || next === undefined || hole.offset + hole.bytes !== next.offset) return;
    hole.bytes += next.bytes;
    this.#holes.splice(index + 1, 1);
  }
}
