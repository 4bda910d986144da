/** What both splits of a linear layer share: how a rank comes to its own part of the weight and bias. */

import { LabError } from '../base/errors.ts';
import type { Tensor } from '../device/device.ts';
import { cutBlock } from '../numerics/matrix.ts';
import type { Range } from '../numerics/ranges.ts';
import { type Cut, rangeOf } from '../program/cuts.ts';
import type { LinearWeights } from '../program/linear.ts';
import type { Program } from '../program/program.ts';
import type { ParallelContext } from './context.ts';
import { ProgramLayer, rowsOf } from './ProgramLayer.ts';
import type { Weights } from './weights.ts';

/** A linear layer of which each rank has a part: load() or loadFrom(), forward(), free(). */
export class ParallelLinear {
  /** The features of this rank; empty where there are more ranks than features. */
  readonly range: Range;
  readonly #layer: ProgramLayer;
  readonly #rank: number;
  readonly #weights: LinearWeights;
  readonly #dim: 0 | 1;

  /** @param dim of the stored weight `[out, in]` that is cut */
  constructor(
    context: ParallelContext,
    { weights, own, dim }: { readonly weights: LinearWeights; readonly own: Cut; readonly dim: 0 | 1 },
    write: (rows: number) => Program,
  ) {
    this.#layer = new ProgramLayer(context, write);
    this.#rank = context.rank;
    this.range = rangeOf(own, this.#rank);
    this.#weights = weights;
    this.#dim = dim;
  }

  /**
   * Cuts this rank's part out of the full weight `[out, in]` and bias `[out]`.
   * @throws LabError `input` where a length is wrong, or a bias is missing or not wanted
   */
  load(weight: Float32Array, bias?: Float32Array): void {
    const { out, in: width } = this.#weights;
    checkLength('weight', weight, [out, width]);
    if (bias !== undefined) checkLength('bias', bias, [out]);
    const [rows, cols] = [this.#rangeOf(0, out), this.#rangeOf(1, width)];
    this.loadShard(cutBlock(weight, width, { rows, cols }), bias?.slice(rows.start, rows.end));
  }

  /** Takes this rank's weight `[out/p, in]` or `[out, in/p]`, and its bias, where the whole was never in one place. */
  loadShard(weight: Float32Array, bias?: Float32Array): void {
    const hasBias = this.#weights.bias === true;
    if ((bias !== undefined) !== hasBias) {
      throw new LabError(
        'input',
        `The layer was made ${hasBias ? 'with' : 'without'} bias; load() got ${bias ? 'one' : 'none'}.`,
      );
    }
    for (const { value } of this.#layer.program(1).storage) {
      const data = value.id.endsWith('.bias') ? bias : weight;
      if (data === undefined) continue;
      checkLength(
        `${value.id.endsWith('.bias') ? 'bias' : 'weight'} shard`,
        data,
        value.shapes[this.#rank] ?? [],
      );
      this.#layer.put(value, data);
    }
  }

  /** Fetches this rank's part of `name.weight`, and of `name.bias`. */
  loadFrom(weights: Weights, name: string): Promise<void> {
    return this.#layer.load({
      block: (id, rows, cols) => weights.block(id.replace(this.#weights.name, name), rows, cols),
    });
  }

  /**
   * x `[M, …]` → y `[M, …]`, as the class says: a new tensor. Both are the caller's, to be freed.
   * @throws LabError `input` where x has another width, or nothing was loaded
   */
  async forward(x: Tensor): Promise<Tensor> {
    const rows = rowsOf(x);
    const [, needed = 0] = this.#layer.program(rows).inputs[0]?.shapes[this.#rank] ?? [];
    if (x.shape[1] !== needed) {
      throw new LabError(
        'input',
        `The layer got x [${x.shape.join(', ')}]; this rank's shard needs [M, ${needed}].`,
      );
    }
    return this.#layer.run({ x }, rows);
  }

  /** Gives its weight and bias back to the device. */
  free(): void {
    this.#layer.free();
  }

  #rangeOf(dim: 0 | 1, size: number): Range {
    return dim === this.#dim ? this.range : { start: 0, end: size };
  }
}

/** @throws LabError `input` unless `data` has exactly the elements of `shape` */
function checkLength(name: string, data: Float32Array, shape: readonly number[]): void {
  const needed = shape.reduce((product, size) => product * size, 1);
  if (data.length === needed) return;
  throw new LabError(
    'input',
    `The ${name} has ${data.length} elements; it needs [${shape.join(', ')}], which is ${needed}.`,
  );
}
