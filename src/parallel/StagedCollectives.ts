import type { ReduceOp } from '../collectives/kinds.ts';
import type { AllReduceOptions, Communicator } from '../comm/communicator.ts';
import type { Device, Tensor } from '../device/device.ts';
import { joinColumns } from '../numerics/matrix.ts';
import { sum } from '../numerics/ranges.ts';
import type { Collectives, ReduceOptions } from './collectives.ts';

/**
 * Through the host: stages to memory that the other ranks can reach, exchanges there, and puts back. A rank that is alone
 * has nobody to reach, and waits for nothing.
 */
export class StagedCollectives implements Collectives {
  readonly #comm: Communicator;
  readonly #device: Device;
  readonly #how: AllReduceOptions;

  /** @param how every allReduce is made */
  constructor(comm: Communicator, device: Device, how: AllReduceOptions = {}) {
    this.#comm = comm;
    this.#device = device;
    this.#how = how;
  }

  /** A CPU has done its work by then, and the thread that would do more is the one that makes the sum. */
  get overlaps(): boolean {
    return this.#device.info.kind !== 'cpu';
  }

  async allReduce(y: Tensor, { op = 'sum', inspect, after }: ReduceOptions = {}): Promise<void> {
    if (this.#isAlone && inspect === undefined) return this.#comm.alone('all_reduce', y.length, op);
    await this.#change(y, async (data) => {
      inspect?.(data);
      if (after !== undefined) await after;
      return this.#comm.allReduce(data, op, this.#how);
    });
  }

  prepareAllReduce(y: Tensor, op: ReduceOp): (() => void) | null {
    if (this.#isAlone) return () => this.#comm.alone('all_reduce', y.length, op);
    const host = this.#device.valuesOf?.(y);
    return host === undefined ? null : this.#comm.prepareAllReduce(host, op, this.#how);
  }

  async broadcast(y: Tensor, root: number): Promise<void> {
    if (this.#isAlone && root === 0) return this.#comm.alone('broadcast', y.length);
    await this.#change(y, (data) => this.#comm.broadcast(data, root));
  }

  async allGatherColumns(
    shard: Tensor,
    widths: readonly number[],
    finish?: (joined: Float32Array) => void,
  ): Promise<Tensor> {
    if (this.#isAlone && finish === undefined && shard.shape[1] === sum(widths))
      return this.#copy('all_gather', shard);
    const joined = await this.gatherColumns(shard, widths);
    finish?.(joined);
    return this.#device.tensor(joined, [shard.shape[0] ?? 0, sum(widths)]); // [M, N]
  }

  async gatherColumns(shard: Tensor, widths: readonly number[]): Promise<Float32Array> {
    const rows = shard.shape[0] ?? 0;
    const parts = await this.#gather(shard, widths, rows);
    return rows === 1 ? parts : joinColumns(parts, rows, widths);
  }

  async allGatherRows(shard: Tensor, rows: readonly number[]): Promise<Tensor> {
    if (this.#isAlone && shard.shape[0] === sum(rows)) return this.#copy('all_gather', shard);
    const cols = shard.shape[1] ?? 0;
    return this.#device.tensor(await this.#gather(shard, rows, cols), [sum(rows), cols]); // [M, N]
  }

  async reduceScatterRows(partial: Tensor, rows: readonly number[]): Promise<Tensor> {
    if (this.#isAlone && partial.shape[0] === sum(rows)) return this.#copy('reduce_scatter', partial);
    const { rank } = this.#comm;
    const cols = partial.shape[1] ?? 0;
    const counts = rows.map((count) => count * cols);
    const own = await this.#onHost(partial, (data) => this.#comm.reduceScatter(data, 'sum', counts));
    return this.#device.tensor(own, [rows[rank] ?? 0, cols]); // [M/p, N]
  }

  get #isAlone(): boolean {
    return this.#comm.worldSize === 1;
  }

  /** What is new is the caller's own, though it be the same. */
  #copy(kind: 'all_gather' | 'reduce_scatter', x: Tensor): Tensor {
    this.#comm.alone(kind, x.length, kind === 'reduce_scatter' ? 'sum' : null);
    return this.#device.columns(x, 0, x.shape[1] ?? 0);
  }

  /** The shards' values, rank by rank. @param each how many floats one of `counts` is */
  #gather(shard: Tensor, counts: readonly number[], each: number): Promise<Float32Array> {
    const lengths = counts.map((count) => count * each);
    return this.#onHost(shard, (data) => this.#comm.allGather(data, lengths));
  }

  /** The values, which `work` has changed, become the tensor's again. */
  #change(tensor: Tensor, work: (host: Float32Array) => Promise<void>): Promise<void> {
    return this.#onHost(tensor, async (host) => {
      await work(host);
      this.#device.unstage(tensor, host);
    });
  }

  /** Runs `work` on the values in the rank's arena, so that a GPU's are copied once each way, and a CPU's never. */
  async #onHost<T>(tensor: Tensor, work: (host: Float32Array) => Promise<T>): Promise<T> {
    const { arena } = this.#comm;
    const staging: Float32Array[] = [];
    try {
      const host = await this.#device.stage(tensor, (length) => {
        const data = arena.allocate(length) ?? new Float32Array(length);
        staging.push(data);
        return data;
      });
      return await work(host);
    } finally {
      for (const data of staging) arena.release(data);
    }
  }
}
