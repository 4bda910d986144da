/** What a pass leaves on the ranks: the columns of each, to be put together on the host, or only their largest. */

import type { Tensor } from '../device/device.ts';
import { scope } from '../device/scope.ts';
import { sum } from '../numerics/ranges.ts';
import type { CollectiveStep } from '../program/program.ts';
import type { ParallelContext } from './context.ts';
import { gatherToHost, sizesOf } from './exchange.ts';

/** The largest elements of a row, over all ranks. */
export interface Top {
  /** The largest first, and of equal ones the lower index; fewer than were asked for where there are not so many. */
  readonly indices: readonly number[];
  readonly values: readonly number[];
  /** Σ e^(x − largest) over all of the row. NaN where the largest is no number, or infinite. */
  readonly sumExp: number;
}

/** Floats that each rank says of a row for its k largest: values, indices, and a sum. */
export function topWidth(k: number): number {
  return 2 * k + 1;
}

/** Every rank of the group must ask for the same in the same order. */
export class ShardedOutput {
  readonly #context: ParallelContext;
  readonly #shard: Tensor;
  readonly #gather: CollectiveStep | null;

  /** @param gather what would put the columns together; null where the rank has all of them */
  constructor(context: ParallelContext, shard: Tensor, gather: CollectiveStep | null) {
    this.#context = context;
    this.#shard = shard;
    this.#gather = gather;
  }

  /** All of it. */
  toHost(): Promise<Float32Array> {
    const { device, collectives } = this.#context;
    return this.#gather === null
      ? device.read(this.#shard)
      : gatherToHost(collectives, this.#gather, this.#shard);
  }

  /** {@link tops} of a single row. */
  async top(k: number): Promise<Top> {
    const [top] = await this.tops(k);
    return top ?? { indices: [], values: [], sumExp: Number.NaN };
  }

  /**
   * The k largest of each row, chosen on the device where they are: of `[M, N/p]` columns a rank reads back and sends
   * {@link topWidth} floats a row. Columns that are padding are not among them.
   */
  async tops(k: number): Promise<Top[]> {
    const { device, collectives, worldSize } = this.#context;
    const { starts, start, end } = this.#columns();
    const width = topWidth(k);
    const values = await scope(device, async (own) => {
      const isWhole = end - start === this.#shard.shape[1];
      const columns = isWhole ? this.#shard : own(device.columns(this.#shard, 0, end - start));
      const top = own(device.topK(columns, k)); // [M, 2·k + 1]
      if (this.#gather === null) return device.read(top);
      return collectives.gatherColumns(
        top,
        Array.from({ length: worldSize }, () => width),
      );
    });
    const rowWidth = starts.length * width;
    return Array.from({ length: values.length / rowWidth }, (_, row) =>
      merged(values.subarray(row * rowWidth, (row + 1) * rowWidth), k, starts),
    );
  }

  free(): void {
    this.#context.device.free(this.#shard);
  }

  /** Where each rank's columns begin in the row, and this rank's that are no padding. */
  #columns(): { readonly starts: readonly number[]; readonly start: number; readonly end: number } {
    if (this.#gather === null) return { starts: [0], start: 0, end: this.#shard.shape[1] ?? 0 };
    const widths = sizesOf(this.#gather.input, 1);
    const starts = widths.map((_, rank) => sum(widths.slice(0, rank)));
    const { rank } = this.#context;
    const start = starts[rank] ?? 0;
    const end = Math.min(start + (widths[rank] ?? 0), this.#gather.paddedFrom ?? Number.POSITIVE_INFINITY);
    return { starts, start, end: Math.max(start, end) };
  }
}

/** The largest of what all ranks said of a row. */
function merged(told: Float32Array, k: number, starts: readonly number[]): Top {
  const ranks = starts.map((start, rank) => {
    const own = told.subarray(rank * topWidth(k), (rank + 1) * topWidth(k));
    return { start, values: own.subarray(0, k), indices: own.subarray(k, 2 * k), sumExp: own[2 * k] ?? 0 };
  });
  const found = ranks.flatMap(({ start, values, indices }) =>
    [...values].flatMap((value, i) => {
      const index = indices[i] as number;
      return index < 0 ? [] : [{ value, index: start + index }];
    }),
  );
  found.sort((a, b) => inOrder(a.value, b.value) || a.index - b.index);
  const [largest] = found;
  const top = found.slice(0, k);
  return {
    indices: top.map(({ index }) => index),
    values: top.map(({ value }) => value),
    sumExp: largest === undefined ? Number.NaN : sumFrom(ranks, largest.value),
  };
}

/** NaN first, as each rank has it. */
function inOrder(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  return a === b ? 0 : b - a;
}

/** Each rank's sum is from its own largest. A rank whose largest is −∞, or that has none, adds nothing. */
function sumFrom(
  ranks: readonly { readonly values: Float32Array; readonly sumExp: number }[],
  largest: number,
): number {
  if (!Number.isFinite(largest)) return Number.NaN;
  const terms = ranks.map(({ values: [own = Number.NEGATIVE_INFINITY], sumExp }) =>
    own === Number.NEGATIVE_INFINITY ? 0 : sumExp * Math.exp(own - largest),
  );
  return sum(terms);
}
