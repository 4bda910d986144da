/** From tensors to buffers: makes what an operation writes to, binds what it reads, and runs its kernel. */

import { LabError } from '../../base/errors.ts';
import type { DType } from '../../numerics/dtype.ts';
import { type Operation, operations, packedOperands, type SizesOf } from '../../operations/operations.ts';
import { checkTensor, describeShape, sameArguments } from '../../operations/shapes.ts';
import type { OperationName, Operations, Tensor } from '../device.ts';
import { type Abilities, choose, type Dispatch, type GpuOperation, type SecondKernel } from './kernel.ts';
import type { GpuQueue } from './queue.ts';
import { type AskedVariants, gpuOperations } from './registry.ts';
import { GpuTensor } from './tensor.ts';
import type { TunedLinear } from './tuned.ts';

export class Runner {
  readonly #queue: GpuQueue;
  readonly #software: boolean;
  readonly #abilities: Abilities;
  readonly #asked: AskedVariants;
  #tuned: TunedLinear = () => undefined;
  /**
   * Bound for an operand that was left out or is empty: a binding may not be. No kernel reads it for more than a value
   * that it drops. As long as the longest element of an array of operands, a vec4f.
   */
  readonly #standIn: GPUBuffer;
  /** By what they wrote to. */
  #bound = new WeakMap<GpuTensor, { readonly args: readonly unknown[]; readonly dispatch: Dispatch }>();

  /** @param software whether the adapter is emulated on the CPU */
  constructor(queue: GpuQueue, software: boolean, asked: AskedVariants) {
    this.#queue = queue;
    this.#software = software;
    this.#abilities = queue.abilities;
    this.#asked = asked;
    this.#standIn = queue.memory.take(16, 'stand-in', 'zeros');
  }

  /** From now on, products are made by what was measured to be the fastest: the same bits, sooner. */
  preferTuned(tuned: TunedLinear): void {
    this.#tuned = tuned;
    this.#bound = new WeakMap();
  }

  /** A new tensor, or nothing where the operation changes its first operand. What is empty needs no run. */
  run<Name extends OperationName>(name: Name, args: Parameters<Operations[Name]>): Tensor | undefined {
    const operation = this.#operationOf(name, args);
    const { shape } = operation;
    this.#queue.check();
    if (shape === null) {
      const [target, changedBy] = args as readonly unknown[] as readonly [Tensor, Tensor?];
      if ((changedBy?.length ?? 0) > 0) this.#enqueue(name, args, operation, this.own(target));
      return undefined;
    }
    const output = new GpuTensor(shape, this.#queue.memory, 'undefined');
    if (output.length > 0) this.#enqueue(name, args, operation, output);
    return output;
  }

  /** Runs it into a tensor that is there; where `args` are those of the last time, as they were bound then. */
  again<Name extends OperationName>(result: Tensor, name: Name, args: Parameters<Operations[Name]>): void {
    this.#queue.check();
    const output = this.own(result);
    if (output.length === 0) return;
    const bound = this.#bound.get(output);
    if (bound !== undefined && sameArguments(args, bound.args)) {
      for (const arg of args) if (arg instanceof GpuTensor) this.own(arg);
      this.#queue.run(bound.dispatch);
      return;
    }
    const operation = this.#operationOf(name, args);
    checkTensor(output.length, operation.shape ?? []);
    const dispatch = this.#enqueue(name, args, operation, output);
    if (dispatch !== null) this.#bound.set(output, { args, dispatch });
  }

  #operationOf<Name extends OperationName>(
    name: Name,
    args: Parameters<Operations[Name]>,
  ): Operation<SizesOf<Name>> {
    const shapesOf = operations[name] as (...args: Parameters<Operations[Name]>) => Operation<SizesOf<Name>>;
    return shapesOf(...args);
  }

  /** @returns what was run; null where it took two kernels */
  #enqueue<Name extends OperationName>(
    name: Name,
    args: Parameters<Operations[Name]>,
    { sizes, flops }: Operation<SizesOf<Name>>,
    output: GpuTensor,
  ): Dispatch | null {
    const { variants, bind } = gpuOperations[name] as GpuOperation<Name>;
    const weightType = weightTypeOf(name, args);
    const bindings = bind(sizes, ...args);
    const inputs = bindings.inputs.map((input) => this.#bufferOf(input));
    const variant = choose(name, variants, sizes, {
      software: this.#software,
      abilities: this.#abilities,
      asked: this.#asked[name],
      tuned: name === 'linear' ? this.#tuned(sizes as SizesOf<'linear'>) : undefined,
    });
    const [kernel, workgroups] = [variant.kernel(sizes, weightType), variant.workgroups(sizes)];
    const first = { ...bindings, variant: variant.id, kernel, workgroups, inputs, flops };
    if (variant.second !== undefined) {
      this.#runTwo(first, variant.second, sizes, output.buffer);
      return null;
    }
    const dispatch = { ...first, output: output.buffer };
    this.#queue.run(dispatch);
    return dispatch;
  }

  #runTwo<Sizes>(
    first: Omit<Dispatch, 'output'>,
    { between, kernel, workgroups }: SecondKernel<Sizes>,
    sizes: Sizes,
    output: GPUBuffer,
  ): void {
    const left = this.#queue.memory.take(
      4 * between(sizes),
      `what ${kernel.name} has between its passes`,
      'undefined',
    );
    const second = { kernel, workgroups: workgroups(sizes), inputs: [left], output };
    this.#queue.run({ ...first, output: left }, second);
    this.#queue.memory.give(left);
  }

  /** @throws LabError 'input' where the tensor is of another device, or was freed. */
  own(tensor: Tensor): GpuTensor {
    if (tensor instanceof GpuTensor && tensor.isFrom(this.#queue.memory)) return tensor;
    throw new LabError(
      'input',
      `A ${describeShape(tensor.shape)} tensor is of another device, or was freed.`,
    );
  }

  #bufferOf(input: Tensor | undefined): GPUBuffer {
    const own = input === undefined ? null : this.own(input);
    return own === null || own.length === 0 ? this.#standIn : own.buffer;
  }
}

/**
 * How the weight is stored that may hold 16-bit floats or blocks; float32 of an operation that has none.
 * @throws LabError 'input' where another operand holds them
 */
function weightTypeOf(name: OperationName, args: readonly unknown[]): DType {
  const weight = (packedOperands as Partial<Record<OperationName, number>>)[name];
  let found: DType = 'f32';
  for (const [i, arg] of args.entries()) {
    if (!(arg instanceof GpuTensor)) continue;
    if (i === weight) found = arg.dtype;
    else if (arg.dtype !== 'f32') {
      throw new LabError(
        'input',
        `${name}: operand ${i + 1} is a ${describeShape(arg.shape)} tensor of ${arg.dtype}; it needs to be float32.`,
      );
    }
  }
  return found;
}
