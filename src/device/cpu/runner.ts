/** From tensors to arrays: makes what an operation writes to, runs its loop, and times it. */

import { type NewSpan, now, type Recorder } from '../../base/trace.ts';
import type { Operation } from '../../operations/operations.ts';
import type { OperationName, Tensor } from '../device.ts';
import type { CpuMemory } from './memory.ts';

/** What a span says beside its times. */
type Work = NewSpan extends infer One
  ? One extends NewSpan
    ? Omit<One, 'startMs' | 'endMs'>
    : never
  : never;

/** The values of tensors, one after another; undefined of one that was left out. */
type Values<Inputs extends readonly (Tensor | undefined)[]> = {
  -readonly [I in keyof Inputs]: Inputs[I] extends Tensor ? Float32Array : Float32Array | undefined;
};

/** Computes y, all of it, or changes it in place. Matrices are row-major, as they lie in the tensors. */
type Loop<Sizes, Inputs extends readonly (Tensor | undefined)[]> = (
  sizes: Sizes,
  y: Float32Array,
  ...inputs: Values<Inputs>
) => void;

export class Runner {
  readonly #memory: CpuMemory;
  readonly #recorder: Recorder;

  constructor(memory: CpuMemory, recorder: Recorder) {
    this.#memory = memory;
    this.#recorder = recorder;
  }

  /** Runs a loop for a new tensor, all of whose values it writes. An empty one is no work, and has no span. */
  compute<Sizes, const Inputs extends readonly (Tensor | undefined)[]>(
    name: OperationName,
    operation: Operation<Sizes>,
    inputs: Inputs,
    loop: Loop<Sizes, Inputs>,
  ): Tensor {
    const values = this.#valuesOf(inputs);
    const tensor = this.#memory.take(operation.shape ?? []);
    if (tensor.length > 0) this.#run(name, operation, () => loop(operation.sizes, tensor.values, ...values));
    return tensor;
  }

  /** Runs a loop that changes `target` in place, by `inputs`. The first of them being empty is no work, and no span. */
  change<Sizes, const Inputs extends readonly [Tensor, ...Tensor[]]>(
    name: OperationName,
    target: Tensor,
    operation: Operation<Sizes>,
    inputs: Inputs,
    loop: Loop<Sizes, Inputs>,
  ): void {
    const values = this.#valuesOf(inputs);
    const y = this.#memory.valuesOf(target);
    if (inputs[0].length > 0) this.#run(name, operation, () => loop(operation.sizes, y, ...values));
  }

  /** Runs something and records its span. */
  time<T>(work: Work, run: () => T): T {
    const startMs = now();
    const result = run();
    this.#recorder.add({ ...work, startMs, endMs: now() });
    return result;
  }

  #run(name: OperationName, { flops }: Operation<unknown>, run: () => void): void {
    this.time({ kind: 'op', op: name, ...(flops > 0 && { flops }) }, run);
  }

  #valuesOf<const Inputs extends readonly (Tensor | undefined)[]>(inputs: Inputs): Values<Inputs> {
    return inputs.map((input) => input && this.#memory.valuesOf(input)) as Values<Inputs>;
  }
}
