import type { ReduceOp } from '../collectives/kinds.ts';
import type { Tensor } from '../device/device.ts';

export interface ReduceOptions {
  /** Default `sum`. */
  readonly op?: ReduceOp;
  /** Sees this rank's values before they are summed; it must copy what it keeps. */
  readonly inspect?: ((partial: Float32Array) => void) | undefined;
  /** Waits for this before it talks to the others, but not before it asks a GPU for the values: see execute.ts. */
  readonly after?: Promise<void> | undefined;
}

/**
 * Collectives on matrices, as one rank calls them: it is *not* said how they are carried, through the host
 * (StagedCollectives) or on a device that all ranks share (OneDeviceGroup). All ranks call the same ones in the same
 * order, and every rank ends with the same bits. What is new is the caller's, to be freed; a NaN comes out of every op.
 */
export interface Collectives {
  /** Whether a sum can be on its way while the device works. Where not, it is made when it stands in the program. */
  readonly overlaps: boolean;

  /**
   * Replaces `y` on every rank by the sum (or op) over all ranks.
   * @throws LabError `input` where there is no such op: ranks on one device have `sum` alone
   */
  allReduce(y: Tensor, options?: ReduceOptions): Promise<void>;

  /**
   * The same sum of the same tensor, made ready for as many times as it is called.
   * @returns makes it, and throws as allReduce() does; null where a sum has to be waited for, as all of them have to where
   *   this is left out
   */
  prepareAllReduce?(y: Tensor, op: ReduceOp): (() => void) | null;

  /** Replaces `y` on every rank by that of rank `root`. */
  broadcast(y: Tensor, root: number): Promise<void>;

  /**
   * Puts column shards `[M, widths[r]]` of all ranks side by side.
   * @param finish may change the joined values before they become a tensor; where they are joined on a device, they are
   *   read back for it
   * @returns a new tensor `[M, Σ widths]`
   * @throws LabError `input` where this rank's shard is not as wide
   */
  allGatherColumns(
    shard: Tensor,
    widths: readonly number[],
    finish?: (joined: Float32Array) => void,
  ): Promise<Tensor>;

  /** The same for the host: the joined values, row by row, of which no device gets a copy. */
  gatherColumns(shard: Tensor, widths: readonly number[]): Promise<Float32Array>;

  /**
   * Puts row shards `[rows[r], N]` of all ranks one below the other.
   * @returns a new tensor `[Σ rows, N]`
   * @throws LabError `input` where this rank's shard is not as long
   */
  allGatherRows(shard: Tensor, rows: readonly number[]): Promise<Tensor>;

  /**
   * Sums `partial` `[M, N]` over all ranks and leaves each its own rows.
   * @returns a new tensor `[rows[rank], N]`
   * @throws LabError `input` unless `rows` are one count a rank, which add up to M
   */
  reduceScatterRows(partial: Tensor, rows: readonly number[]): Promise<Tensor>;
}
