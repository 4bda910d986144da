/** What is done to the data of a collective: the arithmetic of reductions in float32, and copies, over the group's memory. */

import { invariant } from '../base/errors.ts';
import type { ReduceOp } from '../collectives/kinds.ts';
import type { GroupMemory } from '../group/memory.ts';
import { type Kernels, kernelsOn } from '../wasm/kernels.ts';
import { liesIn } from '../wasm/memory.ts';

export class Reducer {
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #workplace: Float32Array;

  /** @throws LabError 'environment' where WebAssembly is refused */
  constructor(group: GroupMemory, rank: number) {
    this.#memory = group.memory;
    this.#kernels = kernelsOn(group.memory);
    this.#workplace = group.workplace(rank);
  }

  /**
   * into[i] = into[i] op from[i]. `avg` sums; {@link finish} divides. Both have the same length, which is at most a slot's,
   * and `from` lies in the group's memory.
   *
   * A NaN on any rank is a NaN in every op, max and min too: a group does not take a broken rank's part for a small number.
   * (MPI and NCCL leave max and min of NaN open.) Infinities are IEEE 754's, and max(−0, 0) is 0.
   */
  reduce(into: Float32Array, from: Float32Array, op: ReduceOp): void {
    invariant(liesIn(this.#memory, from), () => 'a part of another rank lies outside of the group');
    this.#inMemory(into, ({ byteOffset, length }) => {
      switch (op) {
        case 'sum':
        case 'avg':
          return this.#kernels.sumInto(byteOffset, from.byteOffset, length);
        case 'product':
          return this.#kernels.multiplyInto(byteOffset, from.byteOffset, length);
        case 'min':
          return this.#kernels.minInto(byteOffset, from.byteOffset, length);
        case 'max':
          return this.#kernels.maxInto(byteOffset, from.byteOffset, length);
        default:
          return op satisfies never;
      }
    });
  }

  /** reduce() with the last of `worldSize` terms, and finish(): both arrays, which lie in the memory, get the result. */
  reduceBoth(sum: Float32Array, term: Float32Array, op: ReduceOp, worldSize: number): void {
    invariant(liesIn(this.#memory, sum), () => 'a sum that is delivered lies outside of the group');
    invariant(liesIn(this.#memory, term), () => 'a part of another rank lies outside of the group');
    if (op === 'sum') {
      this.#kernels.sumIntoBoth(sum.byteOffset, term.byteOffset, sum.length);
      return;
    }
    this.reduce(sum, term, op);
    this.finish(sum, op, worldSize);
    this.copy(term, sum);
  }

  /** into[i] = from[i]. Both have the same length. */
  copy(into: Float32Array, from: Float32Array): void {
    if (liesIn(this.#memory, into) && liesIn(this.#memory, from)) {
      this.#kernels.copyInto(into.byteOffset, from.byteOffset, from.length);
    } else into.set(from);
  }

  /** What is left to do once all `worldSize` terms are in. */
  finish(sum: Float32Array, op: ReduceOp, worldSize: number): void {
    if (op !== 'avg') return;
    this.#inMemory(sum, ({ byteOffset, length }) => this.#kernels.divide(byteOffset, worldSize, length));
  }

  /** Data that lies elsewhere, as a result that the caller gave may, comes into the memory and goes back. */
  #inMemory(data: Float32Array, change: (data: Float32Array) => void): void {
    if (liesIn(this.#memory, data)) {
      change(data);
      return;
    }
    const copy = this.#workplace.subarray(0, data.length);
    copy.set(data);
    change(copy);
    data.set(copy);
  }
}
