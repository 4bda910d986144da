import { LabError } from '../base/errors.ts';
import { now, type Recorder } from '../base/trace.ts';
import type { CollectiveKind } from '../collectives/kinds.ts';
import type { Device, Tensor } from '../device/device.ts';
import { type Own, scope } from '../device/scope.ts';
import { bytesOf } from '../numerics/dtype.ts';
import { type Range, sum } from '../numerics/ranges.ts';
import { checkSizes } from '../program/checks.ts';
import type { Collectives, ReduceOptions } from './collectives.ts';
import type { ParallelContext } from './context.ts';

/** What a rank brought to the meeting, and how it is told that it is over. */
interface Arrival {
  readonly call: string;
  readonly tensor: Tensor;
  readonly resolve: (result: Tensor) => void;
  readonly reject: (error: unknown) => void;
}

/** Which collective a rank takes part in. */
interface Call {
  readonly collective: CollectiveKind;
  /** What of it has to be the same on every rank, beside the sizes. */
  readonly of?: string;
  /** Elements of the whole buffer. */
  readonly length: number;
  /** Of a broadcast. */
  readonly root?: number;
}

/** Makes each rank's result of the tensors that all ranks brought. What it owns and does not return is freed. */
type Work = (tensors: readonly Tensor[], own: Own) => readonly Tensor[];

/**
 * Ranks that share one device, as coroutines of one thread. Their tensors lie in the same memory, so that a collective is
 * made of sums and copies on the device: nothing is staged through the host, as NCCL's collectives on a GPU are not. It
 * shows what staging costs; it cannot be faster than one rank, for all ranks take turns on one queue. A NaN of any rank
 * comes out of a sum, as it does in the ring.
 */
export class OneDeviceGroup {
  readonly worldSize: number;
  readonly device: Device;
  /** One a rank. */
  readonly members: readonly OneDeviceMember[];
  #arrivals: (Arrival | undefined)[];
  /** What the last gather to the host reads back, for all of its ranks. */
  gathered: Promise<Float32Array> = Promise.resolve(new Float32Array(0));

  /**
   * @param recorders by rank, to be told of the rank's collectives
   * @throws LabError `input` where worldSize is no number of ranks
   */
  constructor(device: Device, worldSize: number, recorders: readonly Recorder[] = []) {
    checkSizes('OneDeviceGroup', { worldSize });
    this.worldSize = worldSize;
    this.device = device;
    this.members = Array.from(
      { length: worldSize },
      (_, rank) => new OneDeviceMember(this, rank, recorders[rank] ?? null),
    );
    this.#arrivals = Array.from({ length: worldSize });
  }

  /**
   * Waits until every rank has brought a tensor to the same call, then has `work` make each rank's result.
   * @throws LabError `mismatch` on every rank, where they called different things
   */
  meet(rank: number, call: string, tensor: Tensor, work: Work): Promise<Tensor> {
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
        const tensors = arrivals.map((arrival) => arrival.tensor);
        const results = scope(this.device, (own) => work(tensors, own));
        for (const [i, arrival] of arrivals.entries()) arrival.resolve(results[i] ?? arrival.tensor);
      } catch (thrown) {
        for (const arrival of arrivals) arrival.reject(thrown);
      }
    });
  }
}

/** A rank's place in a OneDeviceGroup, and its collectives over tensors `[M, N]`. */
export class OneDeviceMember implements Collectives {
  readonly overlaps = true;
  readonly rank: number;
  readonly #group: OneDeviceGroup;
  readonly #device: Device;
  readonly #recorder: Recorder | null;
  #seq = 0;

  constructor(group: OneDeviceGroup, rank: number, recorder: Recorder | null) {
    this.#group = group;
    this.#device = group.device;
    this.#recorder = recorder;
    this.rank = rank;
  }

  get context(): ParallelContext {
    const { worldSize, device } = this.#group;
    return { rank: this.rank, worldSize, device, collectives: this };
  }

  async allReduce(y: Tensor, { op = 'sum', inspect, after }: ReduceOptions = {}): Promise<void> {
    if (op !== 'sum') throw new LabError('input', `Ranks on one device sum; they have no ${op}.`);
    inspect?.(await this.#device.read(y));
    if (after !== undefined) await after;
    await this.#meet({ collective: 'all_reduce', length: y.length }, y, y.shape, (tensors, own) => {
      const sum = own(this.#sumOf(tensors));
      for (const tensor of tensors) this.#device.writeRows(tensor, sum, 0);
      return tensors;
    });
  }

  async broadcast(y: Tensor, root: number): Promise<void> {
    const call = { collective: 'broadcast', of: `rank ${root}`, length: y.length, root } as const;
    await this.#meet(call, y, y.shape, (tensors) => {
      const source = tensors[root];
      for (const tensor of tensors) {
        if (source !== undefined && tensor !== source) this.#device.writeRows(tensor, source, 0);
      }
      return tensors;
    });
  }

  async allGatherColumns(
    shard: Tensor,
    widths: readonly number[],
    finish?: (joined: Float32Array) => void,
  ): Promise<Tensor> {
    const whole = await this.#meetForColumns(shard, widths, (tensors, own) => {
      const first = own(this.#side(tensors));
      return tensors.map((_, rank) => (rank === 0 ? first : own(this.#copyOf(first))));
    });
    if (finish === undefined) return whole;
    return scope(this.#device, async (own) => {
      const values = await this.#device.read(own(whole));
      finish(values);
      return this.#device.tensor(values, whole.shape);
    });
  }

  /** Read back once, and not once for each rank. */
  async gatherColumns(shard: Tensor, widths: readonly number[]): Promise<Float32Array> {
    const group = this.#group;
    await this.#meetForColumns(shard, widths, (tensors) => {
      const whole = this.#side(tensors);
      group.gathered = this.#device.read(whole).finally(() => this.#device.free(whole));
      return tensors;
    });
    return (await group.gathered).slice(); // nobody comes to another meeting before all have left this one
  }

  allGatherRows(shard: Tensor, rows: readonly number[]): Promise<Tensor> {
    const cols = columnsOf(shard);
    const of = `${rows.join(', ')} rows`;
    const call = { collective: 'all_gather', of, length: sum(rows) * cols } as const;
    return this.#meet(call, shard, [cols], (tensors, own) => {
      checkShards('rows', rows, tensors.map(rowsOf));
      return tensors.map(() => {
        const whole = own(this.#device.zeros([sum(rows), cols]));
        let start = 0;
        for (const tensor of tensors) {
          this.#device.writeRows(whole, tensor, start);
          start += rowsOf(tensor);
        }
        return whole;
      });
    });
  }

  reduceScatterRows(partial: Tensor, rows: readonly number[]): Promise<Tensor> {
    const of = `${rows.join(', ')} rows`;
    const call = { collective: 'reduce_scatter', of, length: partial.length } as const;
    return this.#meet(call, partial, partial.shape, (tensors, own) => {
      const { worldSize } = this.#group;
      const isCount = (count: number): boolean => Number.isSafeInteger(count) && count >= 0;
      if (rows.length !== worldSize || !rows.every(isCount) || sum(rows) !== rowsOf(partial)) {
        throw new LabError(
          'input',
          `reduce_scatter got [${partial.shape.join(', ')}] and rows [${rows.join(', ')}]; it needs ${worldSize} counts that add up to ${rowsOf(partial)}.`,
        );
      }
      const whole = own(this.#sumOf(tensors));
      let start = 0;
      return rows.map((count) => {
        const range = Float32Array.from({ length: count }, (_, i) => start + i);
        start += count;
        const indices = own(this.#device.tensor(range, [count]));
        return own(this.#device.rows(whole, indices));
      });
    });
  }

  /** The sum of all ranks' columns, of which each gets its range: `[M, N]` → `[M, own]`, a new tensor. */
  reduceScatterColumns(partial: Tensor, ranges: readonly Range[]): Promise<Tensor> {
    const call = { collective: 'reduce_scatter', of: 'columns', length: partial.length } as const;
    return this.#meet(call, partial, partial.shape, (tensors, own) => {
      const whole = own(this.#sumOf(tensors));
      return ranges.map(({ start, end }) => own(this.#device.columns(whole, start, end)));
    });
  }

  /** Each rank gets its range of every rank's columns, side by side in the order of the ranks: a new tensor. */
  allToAllColumns(x: Tensor, ranges: readonly Range[]): Promise<Tensor> {
    const call = { collective: 'all_to_all', of: 'columns', length: x.length } as const;
    return this.#meet(call, x, x.shape, (tensors, own) =>
      ranges.map(({ start, end }) =>
        scope(this.#device, (part) =>
          own(this.#side(tensors.map((tensor) => part(this.#device.columns(tensor, start, end))))),
        ),
      ),
    );
  }

  #meetForColumns(shard: Tensor, widths: readonly number[], work: Work): Promise<Tensor> {
    const rows = rowsOf(shard);
    const of = `${widths.join(', ')} columns`;
    const call = { collective: 'all_gather', of, length: rows * sum(widths) } as const;
    return this.#meet(call, shard, [rows], (tensors, own) => {
      checkShards('columns', widths, tensors.map(columnsOf));
      return work(tensors, own);
    });
  }

  /** @param alike the sizes that have to be the same on every rank */
  async #meet(call: Call, tensor: Tensor, alike: readonly number[], work: Work): Promise<Tensor> {
    const { collective, of, length, root = 0 } = call;
    const startMs = now();
    const what = of === undefined ? collective : `${collective} of ${of}`;
    const result = await this.#group.meet(this.rank, `${what} [${alike.join(', ')}]`, tensor, work);
    // As in the ring's one-shot, each sum is made of what all ranks have.
    const told = { kind: 'collective', collective, algorithm: 'one-shot', root, length } as const;
    const bytes = bytesOf(length, 'f32');
    this.#recorder?.add({ ...told, seq: this.#seq++, bytes, startMs, endMs: now() });
    return result;
  }

  /** All columns, side by side: a new tensor. */
  #side(tensors: readonly Tensor[]): Tensor {
    return this.#folded(tensors, (before, next) => this.#device.concatPerHead(before, next, 1, false));
  }

  /** A new tensor. The order is that of the ranks, whoever came first. */
  #sumOf(tensors: readonly Tensor[]): Tensor {
    return this.#folded(tensors, (sum, next) => this.#device.add(sum, next));
  }

  /** A new tensor of two, and so on; each result is freed as soon as the next is made of it. */
  #folded([first, second, ...rest]: readonly Tensor[], of: (before: Tensor, next: Tensor) => Tensor): Tensor {
    if (first === undefined)
      throw new LabError('input', 'There is nothing to put together: the group has no ranks.');
    if (second === undefined) return this.#copyOf(first);
    return rest.reduce(
      (before, next) => scope(this.#device, (own) => of(own(before), next)),
      of(first, second),
    );
  }

  #copyOf(tensor: Tensor): Tensor {
    return this.#device.columns(tensor, 0, columnsOf(tensor));
  }
}

/** @throws LabError `input` unless the ranks' shards are as large as they were said to be */
function checkShards(unit: string, told: readonly number[], there: readonly number[]): void {
  if (told.length === there.length && told.every((count, rank) => count === there[rank])) return;
  throw new LabError(
    'input',
    `all_gather of ${unit} got [${told.join(', ')}]; the ranks' shards have [${there.join(', ')}].`,
  );
}

function rowsOf({ shape: [rows = 0] }: Tensor): number {
  return rows;
}

function columnsOf({ shape: [, columns = 0] }: Tensor): number {
  return columns;
}
