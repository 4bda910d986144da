/** What crosses between `npm run bench -- --traffic` and its one rank; see protocol.ts. */

/** The rank program that times kernels by what they move; see rank/programs/traffic/traffic.rank.ts. */
export interface TrafficProgram {
  /** The adapter, for people, and the names of the cases. */
  open(): { readonly adapter: string; readonly cases: readonly string[] };
  /** @param rows of each matrix: tokens */
  measure(name: string, rows: number): Promise<Traffic>;
}

export interface Traffic {
  readonly name: string;
  /** The kernel that the device chose. */
  readonly variant: string;
  /** Shapes of the operands, and of the result behind an arrow. */
  readonly shapes: string;
  /** That must be moved at least: each operand read once, and the result written. */
  readonly bytes: number;
  readonly flops: number;
  /** Of one run: the median of several turns, by the GPU's clock where it has one. */
  readonly ms: number;
  /** Largest difference from the CPU device's result, relative to that result's largest element. */
  readonly error: number;
  readonly ok: boolean;
}
