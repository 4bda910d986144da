/** From tensors to addresses: makes what an operation writes to, runs its kernel, and times it. */

import { type NewSpan, now, type Recorder } from '../../base/trace.ts';
import type { Operation } from '../../operations/operations.ts';
import { checkTensor, sameArguments } from '../../operations/shapes.ts';
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

/** A run that was made before. */
interface Ready {
  readonly args: readonly unknown[];
  readonly tensors: readonly Tensor[];
  readonly run: () => void;
}

export class Runner {
  readonly kernels: Kernels;
  readonly #memory: CpuMemory;
  readonly #recorder: Recorder;
  /** Of the run under way, the kernel that was chosen, where there are several. */
  #variant: string | undefined;
  /** A tensor that takes the place of a new one, and what wrote to it. */
  #into: Tensor | null = null;
  #latest: () => void = () => {};
  /** By what they wrote to: runs that need nothing but to be called. */
  readonly #ready = new WeakMap<Tensor, Ready>();

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
    const shape = operation.shape ?? [];
    const tensor = this.#into ?? this.#memory.take(shape);
    checkTensor(tensor.length, shape);
    const y = this.#memory.valuesOf(tensor).byteOffset;
    const kernel: () => void = run.bind(null, operation.sizes, y, ...addresses);
    this.#latest = () => this.#run(name, operation, kernel);
    if (tensor.length > 0) this.#latest();
    return tensor;
  }

  /** Has `compute` write to a tensor that is there; where `args` are those of the last time, without asking it. */
  again(result: Tensor, args: readonly unknown[], compute: () => unknown): void {
    const ready = this.#ready.get(result);
    if (ready !== undefined && sameArguments(args, ready.args)) {
      for (const tensor of ready.tensors) this.#memory.valuesOf(tensor); // or it was freed
      ready.run();
      return;
    }
    this.#into = result;
    try {
      compute();
    } finally {
      this.#into = null;
    }
    const tensors = [result, ...args.filter(isTensor)];
    if (result.length > 0) this.#ready.set(result, { args, tensors, run: this.#latest });
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
    if (!this.#recorder.isOn) {
      run();
      return;
    }
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

function isTensor(arg: unknown): arg is Tensor {
  return typeof arg === 'object' && arg !== null && 'shape' in arg;
}
