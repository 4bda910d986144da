/** From tensors to addresses: makes what an operation writes to, runs its kernel, and times it. */

import { type NewSpan, now, type Recorder } from '../../base/trace.ts';
import type { Operation } from '../../operations/operations.ts';
import type { Kernels } from '../../wasm/kernels.ts';
import type { OperationName, Tensor } from '../device.ts';
import type { CpuMemory } from './memory.ts';

/** What a span says beside its times. */
type Work = NewSpan extends infer One
  ? One extends NewSpan
    ? Omit<One, 'startMs' | 'endMs'>
    : never
  : never;

/** Where tensors lie, one after another; 0 of one that was left out. */
type Addresses<Inputs extends readonly (Tensor | undefined)[]> = {
  -readonly [I in keyof Inputs]: number;
};

/** Computes y, all of it, or changes it in place. */
type Run<Sizes, Inputs extends readonly (Tensor | undefined)[]> = (
  sizes: Sizes,
  y: number,
  ...inputs: Addresses<Inputs>
) => void;

export class Runner {
  readonly kernels: Kernels;
  readonly #memory: CpuMemory;
  readonly #recorder: Recorder;
  /** Of the run under way, the kernel that was chosen, where there are several. */
  #variant: string | undefined;

  constructor(kernels: Kernels, memory: CpuMemory, recorder: Recorder) {
    this.kernels = kernels;
    this.#memory = memory;
    this.#recorder = recorder;
  }

  /** Runs a kernel for a new tensor, all of whose values it writes. An empty one is no work, and has no span. */
  compute<Sizes, const Inputs extends readonly (Tensor | undefined)[]>(
    name: OperationName,
    operation: Operation<Sizes>,
    inputs: Inputs,
    run: Run<Sizes, Inputs>,
  ): Tensor {
    const addresses = this.#addressesOf(inputs);
    const tensor = this.#memory.take(operation.shape ?? []);
    const y = tensor.values.byteOffset;
    if (tensor.length > 0) this.#run(name, operation, () => run(operation.sizes, y, ...addresses));
    return tensor;
  }

  /** Runs a kernel that changes `target` in place, by `inputs`. The first of them being empty is no work, and no span. */
  change<Sizes, const Inputs extends readonly [Tensor, ...Tensor[]]>(
    name: OperationName,
    target: Tensor,
    operation: Operation<Sizes>,
    inputs: Inputs,
    run: Run<Sizes, Inputs>,
  ): void {
    const addresses = this.#addressesOf(inputs);
    const y = this.#memory.valuesOf(target).byteOffset;
    if (inputs[0].length > 0) this.#run(name, operation, () => run(operation.sizes, y, ...addresses));
  }

  /** The address of `bytes` for one run of a kernel. */
  scratch(bytes: number): number {
    return this.#memory.scratch(bytes);
  }

  /** Says which of several kernels runs; the span has its name. */
  chose(variant: string): void {
    this.#variant = variant;
  }

  /** Runs something and records its span. */
  time<T>(work: Work, run: () => T): T {
    const startMs = now();
    const result = run();
    this.#recorder.add({ ...work, startMs, endMs: now() });
    return result;
  }

  #run(name: OperationName, { flops }: Operation<unknown>, run: () => void): void {
    this.#variant = undefined;
    const startMs = now();
    run();
    const variant = this.#variant;
    const said = { ...(variant !== undefined && { variant }), ...(flops > 0 && { flops }) };
    this.#recorder.add({ kind: 'op', op: name, ...said, startMs, endMs: now() });
  }

  #addressesOf<const Inputs extends readonly (Tensor | undefined)[]>(inputs: Inputs): Addresses<Inputs> {
    return inputs.map((input) =>
      input === undefined ? 0 : this.#memory.valuesOf(input).byteOffset,
    ) as Addresses<Inputs>;
  }
}
