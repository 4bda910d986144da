/** A layer on numbers drawn from the seed: tokens in, a tensor out. */

import type { Tensor } from '../../../device/device.ts';
import { lengthOf, type Range } from '../../../math/ranges.ts';
import type { ParallelContext } from '../../../parallel/context.ts';
import type { Inputs, Observer } from '../../../parallel/execute.ts';
import { SpecLayer } from '../../../parallel/layers.ts';
import type { Weights } from '../../../parallel/weights.ts';
import type { LayerSpec } from '../../../program/layers.ts';
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
    const rows = this.#rows(tokens);
    const inputs = { ...this.#ids(tokens), ...(rows && { x: rows }) };
    return {
      inputs,
      run: (observer) => this.layer.run(inputs, lengthOf(tokens), observer),
      free: () => {
        if (rows !== null) device.free(rows);
      },
    };
  }

  truncate(length: number): void {
    this.layer.cache.truncate(length);
  }

  free(): void {
    this.layer.free();
  }

  /** Null where the layer takes ids alone. */
  #rows(tokens: Range): Tensor | null {
    if (this.#spec.layer === 'embedding') return null;
    const { rank, worldSize, device } = this.#context;
    const [hidden, own] =
      this.#spec.layer === 'block'
        ? [
            this.#spec.config.attention.hidden,
            this.#spec.config.sequenceParallel ? ownTokens(tokens, worldSize, rank) : tokens,
          ]
        : [this.#spec.config.hidden, tokens];
    return device.tensor(seededRows(this.#seed, own, hidden), [lengthOf(own), hidden]);
  }

  #ids(tokens: Range): Inputs {
    const { layer, config } = this.#spec;
    const draw = (name: 'ids' | 'targets', vocab: number) => ({
      [name]: seededIds(this.#seed, name, tokens, vocab),
    });
    if (layer === 'embedding') return draw('ids', config.vocab);
    return layer === 'cross-entropy' ? draw('targets', config.vocab) : {};
  }
}
