/**
 * A first-fit allocator in a memory that ranks share. What lies there can be reduced in place, worked on by kernels, and
 * handed to a GPU's writeBuffer, without a copy.
 *
 * It starts with a region of its own. Where that is full the memory grows, and what it has grown by belongs to whoever
 * let it grow: growing is atomic, so that two ranks never get the same pages. They are used again, and never given back.
 */

import { floatsIn, liesIn, PAGE_BYTES } from './memory.ts';

/** Vectors and cache lines like it. */
const ALIGNMENT = 64;
/** To grow stops every thread for a moment: not for each small tensor. */
const LEAST_GROWTH = 2 ** 20;

interface Region {
  readonly offset: number;
  readonly bytes: number;
}

interface Hole {
  offset: number;
  bytes: number;
}

export class Arena {
  readonly memory: WebAssembly.Memory;
  /** Free ranges, by offset, never adjacent. */
  readonly #holes: Hole[];
  /** Offset → bytes. */
  readonly #taken = new Map<number, number>();

  constructor(memory: WebAssembly.Memory, { offset, bytes }: Region) {
    this.memory = memory;
    const start = Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
    this.#holes = [{ offset: start, bytes: Math.max(0, offset + bytes - start) }];
  }

  /** `length` float32 elements with undefined contents; null where they do not fit, and the memory grows no more. */
  allocate(length: number): Float32Array | null {
    const bytes = Math.max(1, Math.ceil((length * 4) / ALIGNMENT)) * ALIGNMENT;
    const fits = (hole: Hole) => hole.bytes >= bytes;
    const hole = this.#holes.find(fits) ?? (this.#grow(bytes) ? this.#holes.find(fits) : undefined);
    if (hole === undefined) return null;
    const { offset } = hole;
    hole.offset += bytes;
    hole.bytes -= bytes;
    if (hole.bytes === 0) this.#holes.splice(this.#holes.indexOf(hole), 1);
    this.#taken.set(offset, bytes);
    return floatsIn(this.memory, offset, length);
  }

  /** Takes back what `allocate` gave; ignores any other array, so that callers need not know where theirs lies. */
  release(data: Float32Array): void {
    const bytes = this.owns(data) ? this.#taken.get(data.byteOffset) : undefined;
    if (bytes === undefined) return;
    this.#taken.delete(data.byteOffset);
    this.#add({ offset: data.byteOffset, bytes });
  }

  /** Whether `data` starts an allocation of this arena. */
  owns(data: Float32Array): boolean {
    return liesIn(this.memory, data) && this.#taken.has(data.byteOffset);
  }

  /** False where the memory has reached its maximum, or the browser has no more. */
  #grow(bytes: number): boolean {
    const pages = Math.ceil(Math.max(bytes, LEAST_GROWTH) / PAGE_BYTES);
    try {
      this.#add({ offset: this.memory.grow(pages) * PAGE_BYTES, bytes: pages * PAGE_BYTES });
      return true;
    } catch {
      return false;
    }
  }

  #add(hole: Hole): void {
    const next = this.#holes.findIndex(({ offset }) => offset > hole.offset);
    const at = next === -1 ? this.#holes.length : next;
    this.#holes.splice(at, 0, hole);
    this.#merge(at);
    this.#merge(at - 1);
  }

  #merge(index: number): void {
    const hole = this.#holes[index];
    const next = this.#holes[index + 1];
    if (hole === undefined || next === undefined || hole.offset + hole.bytes !== next.offset) return;
    hole.bytes += next.bytes;
    this.#holes.splice(index + 1, 1);
  }
}
