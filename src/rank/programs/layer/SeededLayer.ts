/** A layer on numbers drawn from the seed: tokens in, a tensor out. */

import type { Tensor } from '../../../device/device.ts';
import { lengthOf, type Range } from '../../../numerics/ranges.ts';
import type { ParallelContext } from '../../../parallel/context.ts';
import { SpecLayer } from '../../../parallel/layers.ts';
import type { Inputs, Observer } from '../../../parallel/RankPass.ts';
import type { Weights } from '../../../parallel/weights.ts';
import { type LayerSpec, vocabOf } from '../../../program/layers.ts';
import type { Value } from '../../../program/program.ts';
import { ownTokens, seededIds, seededRows } from './numbers.ts';

export interface RunnableLayer {
  load(weights: Weights): Promise<void>;
  /** Gets the input of these tokens ready, outside of what is timed. */
  prepare(tokens: Range): PreparedPass;
  /** Forgets the tokens from `length` on. */
  truncate(length: number): void;
  free(): void;
}

export interface PreparedPass {
  readonly inputs: Inputs;
  run(observer?: Observer): Promise<Tensor>;
  /** The input's tensors; the output is the caller's. */
  free(): void;
}

export class SeededLayer implements RunnableLayer {
  readonly layer: SpecLayer;
  readonly #context: ParallelContext;
  readonly #spec: LayerSpec;
  readonly #seed: number;

  /** @param positions the longest sequence */
  constructor(context: ParallelContext, spec: LayerSpec, seed: number, positions: number) {
    this.layer = new SpecLayer(context, spec, positions);
    this.#context = context;
    this.#spec = spec;
    this.#seed = seed;
  }

  load(weights: Weights): Promise<void> {
    return this.layer.load(weights);
  }

  prepare(tokens: Range): PreparedPass {
    const { device } = this.#context;
    const wanted = this.layer.program(lengthOf(tokens)).inputs;
    const inputs: Inputs = Object.fromEntries(wanted.map((input) => [input.id, this.#drawn(input, tokens)]));
    return {
      inputs,
      run: (observer) => this.layer.run(inputs, lengthOf(tokens), observer),
      free: () => {
        for (const input of Object.values(inputs)) if ('shape' in input) device.free(input);
      },
    };
  }

  truncate(length: number): void {
    this.layer.cache.truncate(length);
  }

  free(): void {
    this.layer.free();
  }

  /** Rows of x, of which with sequence parallelism a rank is given its own; or the ids of tokens, or targets. */
  #drawn({ id, shapes, cut }: Value, tokens: Range): Inputs[string] {
    const { rank, worldSize, device } = this.#context;
    const [, width] = shapes[rank] ?? [];
    if (width === undefined) return seededIds(this.#seed, id, tokens, vocabOf(this.#spec));
    const own = cut === null ? tokens : ownTokens(tokens, worldSize, rank);
    return device.tensor(seededRows(this.#seed, own, width), [lengthOf(own), width]);
  }
}
