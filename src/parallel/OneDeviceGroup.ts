import { LabError } from '../base/errors.ts';
import type { Device, Tensor } from '../device/device.ts';
import type { Range } from '../math/ranges.ts';
import { checkSizes } from '../program/checks.ts';

/** What a rank brought to the meeting, and how it is told that it is over. */
interface Arrival {
  readonly call: string;
  readonly tensor: Tensor;
  readonly resolve: (result: Tensor) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Ranks that share one device, as coroutines of one thread. Their tensors lie in the same memory, so that a collective is
 * made of sums and copies on the device: nothing is staged through the host, as NCCL's collectives on a GPU are not. It
 * shows what staging costs; it cannot be faster than one rank, for all ranks take turns on one queue. A NaN of any rank
 * comes out of a sum, as it does in the ring.
 */
export class OneDeviceGroup {
  readonly worldSize: number;
  readonly #device: Device;
  #arrivals: (Arrival | undefined)[];

  constructor(device: Device, worldSize: number) {
    checkSizes('OneDeviceGroup', { worldSize });
    this.worldSize = worldSize;
    this.#device = device;
    this.#arrivals = Array.from({ length: worldSize });
  }

  member(rank: number): OneDeviceMember {
    return new OneDeviceMember(this, rank);
  }

  /**
   * Waits until every rank has brought a tensor to the same call, then has `work` make each rank's result.
   * @throws LabError `mismatch` on every rank, where they called different things
   */
  meet(
    rank: number,
    call: string,
    tensor: Tensor,
    work: (device: Device, tensors: readonly Tensor[]) => readonly Tensor[],
  ): Promise<Tensor> {
    return new Promise((resolve, reject) => {
      this.#arrivals[rank] = { call, tensor, resolve, reject };
      const arrivals = this.#arrivals.filter((arrival) => arrival !== undefined);
      if (arrivals.length < this.worldSize) return;
      this.#arrivals = Array.from({ length: this.worldSize });
      try {
        const other = arrivals.findIndex((arrival) => arrival.call !== arrivals[0]?.call);
        if (other > 0) {
          throw new LabError(
            'mismatch',
            `Rank 0 called ${arrivals[0]?.call}, and rank ${other} ${arrivals[other]?.call}.`,
            { rank: other },
          );
        }
        const results = work(
          this.#device,
          arrivals.map((arrival) => arrival.tensor),
        );
        for (const [i, arrival] of arrivals.entries()) arrival.resolve(results[i] ?? arrival.tensor);
      } catch (thrown) {
        for (const arrival of arrivals) arrival.reject(thrown);
      }
    });
  }
}

/** A rank's place in a OneDeviceGroup, and its collectives over tensors `[M, N]`. */
export class OneDeviceMember {
  readonly rank: number;
  readonly worldSize: number;
  readonly #group: OneDeviceGroup;

  constructor(group: OneDeviceGroup, rank: number) {
    this.#group = group;
    this.rank = rank;
    this.worldSize = group.worldSize;
  }

  /** Replaces `y` on every rank by the sum over all ranks. */
  async allReduce(y: Tensor): Promise<void> {
    await this.#meet('all_reduce', y, y.shape, (device, tensors) => {
      const sum = sumOf(device, tensors);
      for (const tensor of tensors) device.writeRows(tensor, sum, 0);
      device.free(sum);
      return tensors;
    });
  }

  /** Column shards of all ranks side by side: a new tensor on every rank. */
  allGatherColumns(shard: Tensor): Promise<Tensor> {
    const rows = shard.shape[0] ?? 0;
    return this.#meet('all_gather of columns', shard, [rows], (device, tensors) =>
      tensors.map(() =>
        joined(
          device,
          tensors.map((tensor) => copyOf(device, tensor)),
        ),
      ),
    );
  }

  /** Row shards of all ranks one below the other: a new tensor on every rank. */
  allGatherRows(shard: Tensor): Promise<Tensor> {
    const cols = shard.shape[1] ?? 0;
    return this.#meet('all_gather of rows', shard, [cols], (device, tensors) =>
      tensors.map(() => {
        const rows = tensors.map((tensor) => tensor.shape[0] ?? 0);
        const whole = device.zeros([rows.reduce((sum, count) => sum + count, 0), cols]);
        let start = 0;
        for (const [i, tensor] of tensors.entries()) {
          device.writeRows(whole, tensor, start);
          start += rows[i] ?? 0;
        }
        return whole;
      }),
    );
  }

  /** The sum of all ranks' `partial`, of which each gets its `rows[rank]` rows: a new tensor. */
  reduceScatterRows(partial: Tensor, rows: readonly number[]): Promise<Tensor> {
    return this.#meet(
      `reduce_scatter to ${rows.join(', ')} rows`,
      partial,
      partial.shape,
      (device, tensors) => {
        const sum = sumOf(device, tensors);
        let start = 0;
        const results = rows.map((count) => {
          const indices = device.tensor(
            Float32Array.from({ length: count }, (_, i) => start + i),
            [count],
          );
          start += count;
          const own = device.rows(sum, indices);
          device.free(indices);
          return own;
        });
        device.free(sum);
        return results;
      },
    );
  }

  /** Replaces `y` on every rank by that of rank `root`. */
  async broadcast(y: Tensor, root: number): Promise<void> {
    await this.#meet(`broadcast of rank ${root}`, y, y.shape, (device, tensors) => {
      const source = tensors[root];
      for (const tensor of tensors) {
        if (source !== undefined && tensor !== source) device.writeRows(tensor, source, 0);
      }
      return tensors;
    });
  }

  /** The sum of all ranks' columns, of which each gets its range: `[M, N]` → `[M, own]`, a new tensor. */
  reduceScatterColumns(partial: Tensor, ranges: readonly Range[]): Promise<Tensor> {
    return this.#meet('reduce_scatter of columns', partial, partial.shape, (device, tensors) => {
      const sum = sumOf(device, tensors);
      const results = ranges.map(({ start, end }) => device.columns(sum, start, end));
      device.free(sum);
      return results;
    });
  }

  /** Each rank gets its range of every rank's columns, side by side in the order of the ranks: a new tensor. */
  allToAllColumns(x: Tensor, ranges: readonly Range[]): Promise<Tensor> {
    return this.#meet('all_to_all of columns', x, x.shape, (device, tensors) =>
      ranges.map(({ start, end }) =>
        joined(
          device,
          tensors.map((tensor) => device.columns(tensor, start, end)),
        ),
      ),
    );
  }

  #meet(
    what: string,
    tensor: Tensor,
    alike: readonly number[],
    work: (device: Device, tensors: readonly Tensor[]) => readonly Tensor[],
  ): Promise<Tensor> {
    return this.#group.meet(this.rank, `${what} [${alike.join(', ')}]`, tensor, work);
  }
}

/** A new tensor. The order is that of the ranks, whoever came first. */
function sumOf(device: Device, [first, ...rest]: readonly Tensor[]): Tensor {
  if (first === undefined) throw new LabError('input', 'There is nothing to sum: the group has no ranks.');
  let sum = copyOf(device, first);
  for (const tensor of rest) {
    const next = device.add(sum, tensor);
    device.free(sum);
    sum = next;
  }
  return sum;
}

/** Side by side. Frees the parts. */
function joined(device: Device, [first, ...rest]: readonly Tensor[]): Tensor {
  if (first === undefined) throw new LabError('input', 'There is nothing to join: the group has no ranks.');
  let whole = first;
  for (const part of rest) {
    const wider = device.concatPerHead(whole, part, 1, false);
    device.free(whole, part);
    whole = wider;
  }
  return whole;
}

function copyOf(device: Device, tensor: Tensor): Tensor {
  return device.columns(tensor, 0, tensor.shape[1] ?? 0);
}
