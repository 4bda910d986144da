/** From tensors to addresses: makes what an operation writes to, runs its kernel, and times it. */

import { invariant } from '../../base/errors.ts';
import { type NewSpan, now, type Recorder } from '../../base/trace.ts';
import { movedBy } from '../../operations/moved.ts';
import type { Operation } from '../../operations/operations.ts';
import { checkTensor } from '../../operations/shapes.ts';
import type { Kernels } from '../../wasm/kernels.ts';
import type { OperationName, Operations, PreparedRun, Tensor } from '../device.ts';
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

/** An operation that needs nothing any more but to be run. */
interface Ready {
  readonly name: OperationName;
  readonly operation: Operation<unknown>;
  /** False of what is empty: it is no work, and has no span. */
  readonly isWork: boolean;
  readonly kernel: (sizes: unknown) => void;
}

export class Runner {
  readonly kernels: Kernels;
  readonly #memory: CpuMemory;
  readonly #recorder: Recorder;
  /** Of the run under way, the kernel that was chosen, where there are several. */
  #variant: string | undefined;
  /** While an operation is prepared: the tensor that takes the place of a new one, and then what there is to run. */
  #into: Tensor | null = null;
  #ready: Ready | null = null;

  constructor(kernels: Kernels, memory: CpuMemory, recorder: Recorder) {
    this.kernels = kernels;
    this.#memory = memory;
    this.#recorder = recorder;
  }

  /** Runs a kernel for a new tensor, all of whose values it writes. */
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
    const kernel = (sizes: unknown): void => run(sizes as Sizes, y, ...addresses);
    this.#perform({ name, operation, isWork: tensor.length > 0, kernel });
    return tensor;
  }

  /** Runs a kernel that changes `target` in place, by `inputs`. */
  change<Sizes, const Inputs extends readonly [Tensor, ...Tensor[]]>(
    name: OperationName,
    target: Tensor,
    operation: Operation<Sizes>,
    inputs: Inputs,
    run: Run<Sizes, Inputs>,
  ): void {
    const addresses = this.#addressesOf(inputs);
    const y = this.#memory.valuesOf(target).byteOffset;
    const kernel = (sizes: unknown): void => run(sizes as Sizes, y, ...addresses);
    this.#perform({ name, operation, isWork: inputs[0].length > 0, kernel });
  }

  /** What runs the operation that `operate` is, into a tensor that is there. */
  prepare<Name extends OperationName>(
    result: Tensor,
    name: Name,
    args: Parameters<Operations[Name]>,
    operate: () => unknown,
  ): PreparedRun {
    this.#into = result;
    try {
      operate();
    } finally {
      this.#into = null;
    }
    const ready = this.#ready;
    invariant(ready !== null, () => `${name} was not made ready`);
    this.#ready = null;
    if (!ready.isWork) return () => {};
    const moved = movedBy(name, args);
    const tensors = [result, ...args.filter(isTensor)];
    return (start) => {
      for (const tensor of tensors) this.#memory.valuesOf(tensor); // or it was freed
      this.#run(ready, moved === null || start === undefined ? ready.operation : moved(start));
    };
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

  #perform(ready: Ready): void {
    if (this.#into !== null) this.#ready = ready;
    else if (ready.isWork) this.#run(ready, ready.operation);
  }

  #run({ name, kernel }: Ready, { flops, sizes }: Operation<unknown>): void {
    if (!this.#recorder.isOn) {
      kernel(sizes);
      return;
    }
    this.#variant = undefined;
    const startMs = now();
    kernel(sizes);
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
