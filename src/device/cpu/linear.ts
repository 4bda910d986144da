/** The operations that multiply by a weight, and the ways to do it. The kernels are in kernels/linear.ts and vector.ts. */

import { LabError } from '../../base/errors.ts';
import { now } from '../../base/trace.ts';
import { operations } from '../../operations/operations.ts';
import type { Kernels } from '../../wasm/kernels.ts';
import type { Operations } from '../device.ts';
import type { Runner } from './runner.ts';

/** y = x·Wᵀ + b at addresses, of which b's is 0 where there is none. Rows of x and y are `ldx` and `ldy` floats apart. */
interface ProductAt {
  readonly x: number; // [m, k]
  readonly w: number; // [n, k]
  readonly b: number; // [n]
  readonly y: number; // [m, n]
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly ldx: number;
  readonly ldy: number;
}

/**
 * One way to multiply. Up to four rows of x an element of y is the sum of eight chains of float32 multiply-adds along K,
 * and of more rows one chain from its start to its end; then comes the bias. So it has the same bits whatever N, the block,
 * and the cut along either, and on both sides of four rows whatever M. Its error is at most γ_(K+1) · (|x|·|W|ᵀ + |b|), γ as
 * in numerics/oracle.ts: no term goes through more than its product's rounding, if it is not fused, those of K − 1 sums that
 * are not exact, or K where it is, and that of the bias.
 */
interface Variant {
  readonly id: string;
  readonly accepts: (product: ProductAt) => boolean;
  readonly run: (product: ProductAt, kernels: Kernels, scratch: Runner['scratch']) => void;
}

/** So many rows of x, and fewer, have an order of additions of their own. */
const FEW_ROWS = 4;

/** As fast as W comes from memory. */
const vector: Variant = {
  id: 'vector',
  accepts: ({ m }) => m <= FEW_ROWS,
  run: ({ x, w, b, y, m, k, n, ldx, ldy }, kernels) => kernels.vector(x, w, b, y, m, k, n, ldx, ldy),
};

/** Named by columns and rows of y: `tall` has registers for all on x64. */
const tall: Variant = { id: 'block6x8', accepts: ({ m }) => m > FEW_ROWS, run: byBlocks(false) };
/** No help where half its rows would be empty. */
const wide: Variant = { id: 'block4x16', accepts: ({ m }) => m > 8, run: byBlocks(true) };

export const linearVariants: readonly Variant[] = [vector, tall, wide];

function byBlocks(wide: boolean): Variant['run'] {
  return ({ x, w, b, y, m, k, n, ldx, ldy }, kernels, scratch) => {
    const rows = packedRows(m, k);
    kernels.linear(x, w, b, y, m, k, n, ldx, ldy, wide, rows, scratch(4 * rows * (k + 12) + NEAR_BYTES));
  };
}

/** A slab of six rows of W. */
const NEAR_BYTES = 12_288;
/**
 * What a core's own cache has, or so. It is read from its start to its end, so that a little more comes in time too; and of
 * half as much W, which comes from memory, is read and packed twice as often: 3 % slower at 512³, 11 % at 128×4096×4096.
 */
const PACKED_BYTES = 2 ** 20;

/** Rows of x that stay in the cache while all of W goes past, in sixteens; at least two, for W comes from memory. */
function packedRows(m: number, k: number): number {
  const fitting = Math.floor(PACKED_BYTES / 4 / k / 16) * 16;
  return Math.min(Math.ceil(m / 16) * 16, Math.max(32, fitting));
}

/**
 * The device's products.
 * @param asked the id of a variant, which runs wherever it accepts a product; by default the fastest of those that do
 * @throws LabError 'input' where there is none of that id
 */
export function linearOperations(
  runner: Runner,
  asked?: string,
): Pick<Operations, 'linear' | 'linearPerHead'> {
  const askedFor = linearVariants.find(({ id }) => id === asked);
  if (asked !== undefined && askedFor === undefined) {
    const ids = linearVariants.map(({ id }) => id).join(', ');
    throw new LabError('input', `There is no linear kernel '${asked}'; there are ${ids}.`);
  }
  const race = new Race(tall, wide);
  const scratch = (bytes: number) => runner.scratch(bytes);
  const multiply = (product: ProductAt): void => {
    const best = vector.accepts(product) ? vector : wide.accepts(product) ? race : tall;
    const variant = askedFor?.accepts(product) ? askedFor : best;
    variant.run(product, runner.kernels, scratch);
    runner.chose(variant.id);
  };
  return {
    linear: (x, w, b) =>
      runner.compute('linear', operations.linear(x, w, b), [x, w, b], ({ m, k, n }, y, xAt, wAt, bAt) =>
        multiply({ x: xAt, w: wAt, b: bAt, y, m, k, n, ldx: k, ldy: n }),
      ),

    linearPerHead: (x, w) =>
      runner.compute(
        'linearPerHead',
        operations.linearPerHead(x, w),
        [x, w],
        ({ m, heads, k, n }, y, xAt, wAt) => {
          for (let head = 0; head < heads; head++) {
            const at = { x: xAt + 4 * head * k, w: wAt + 4 * head * n * k, b: 0, y: y + 4 * head * n };
            multiply({ ...at, m, k, n, ldx: heads * k, ldy: heads * n });
          }
        },
      ),
  };
}

/** Multiply-adds of a part: a tenth of a millisecond or two, many times what a clock is rounded to. */
const PART = 2 ** 22;
/** So often, and so long, each block is tried: it must have been compiled a second time, and the machine have been free. */
const TRIALS = 20;
const TRIAL_MS = 20;

interface Trial {
  readonly variant: Variant;
  count: number;
  ms: number;
  /** Multiply-adds a millisecond. */
  best: number;
}

/**
 * Which block is faster depends on the registers of the processor, and on what the engine makes of pairs of vectors. Both
 * give the same bits, so the first products themselves are the trial: they are cut into columns, which the blocks compute
 * by turns. The best time counts, for a machine has other work too.
 */
class Race {
  readonly #trials: readonly [Trial, Trial];
  #winner: Variant | null = null;
  #latest: Variant;

  /** @param first computes what is too short for a trial */
  constructor(first: Variant, second: Variant) {
    this.#latest = first;
    this.#trials = [
      { variant: first, count: 0, ms: 0, best: 0 },
      { variant: second, count: 0, ms: 0, best: 0 },
    ];
  }

  /** The block that ran last: once it is decided, the faster one. */
  get id(): string {
    return this.#latest.id;
  }

  run(product: ProductAt, kernels: Kernels, scratch: Runner['scratch']): void {
    const { w, b, y, m, k, n } = product;
    const cols = Math.max(48, Math.ceil(PART / (m * k) / 12) * 12); // whole strips, and x is packed again for each part
    let col = 0;
    const run = (variant: Variant, width: number) => {
      const part = { w: w + 4 * col * k, b: b === 0 ? 0 : b + 4 * col, y: y + 4 * col, n: width };
      variant.run({ ...product, ...part }, kernels, scratch);
      this.#latest = variant;
      col += width;
    };
    while (this.#winner === null && col + cols <= n) {
      const trial = this.#next();
      const startMs = now();
      run(trial.variant, cols);
      const ms = now() - startMs;
      trial.count++;
      trial.ms += ms;
      trial.best = Math.max(trial.best, (m * k * cols) / ms);
      this.#decide();
    }
    if (col < n) run(this.#winner ?? this.#trials[0].variant, n - col);
  }

  #next(): Trial {
    const [a, b] = this.#trials;
    return a.ms <= b.ms ? a : b;
  }

  #decide(): void {
    if (this.#trials.some(({ count, ms }) => count < TRIALS || ms < TRIAL_MS)) return;
    const [a, b] = this.#trials;
    this.#winner = (a.best >= b.best ? a : b).variant;
  }
}
