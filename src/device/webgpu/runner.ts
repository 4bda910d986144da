/** From tensors to buffers: makes what an operation writes to, binds what it reads, and runs its kernel. */

import { LabError } from '../../base/errors.ts';
import type { DType } from '../../numerics/dtype.ts';
import { movedBy } from '../../operations/moved.ts';
import { type Operation, operations, packedOperands, type SizesOf } from '../../operations/operations.ts';
import { checkTensor, describeShape } from '../../operations/shapes.ts';
import type { OperationName, Operations, PreparedRun, Tensor } from '../device.ts';
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
  }

  /** A new tensor, or nothing where the operation changes its first operand. What is empty needs no run. */
  run<Name extends OperationName>(name: Name, args: Parameters<Operations[Name]>): Tensor | undefined {
    const operation = this.#operationOf(name, args);
    const { shape } = operation;
    this.#queue.check();
    const output =
      shape === null
        ? this.own(changedBy(args).target)
        : new GpuTensor(shape, this.#queue.memory, 'undefined');
    if (isWork(operation, output, args)) this.#bound(name, args, operation, output)();
    return shape === null ? undefined : output;
  }

  /** What runs it into a tensor that is there. */
  prepare<Name extends OperationName>(
    result: Tensor,
    name: Name,
    args: Parameters<Operations[Name]>,
  ): PreparedRun {
    this.#queue.check();
    const output = this.own(result);
    const operation = this.#operationOf(name, args);
    if (operation.shape !== null) checkTensor(output.length, operation.shape);
    if (!isWork(operation, output, args)) return () => {};
    const moved = movedBy(name, args);
    let [tuned, run] = [this.#tuned, this.#bound(name, args, operation, output)];
    const tensors = [output, ...args.filter((arg) => arg instanceof GpuTensor)];
    return (start) => {
      this.#queue.check();
      for (const tensor of tensors) this.own(tensor); // or it was freed
      if (moved !== null && start !== undefined) {
        this.#bound(name, args, moved(start), output)();
        return;
      }
      if (tuned !== this.#tuned) [tuned, run] = [this.#tuned, this.#bound(name, args, operation, output)];
      run();
    };
  }

  #operationOf<Name extends OperationName>(
    name: Name,
    args: Parameters<Operations[Name]>,
  ): Operation<SizesOf<Name>> {
    const shapesOf = operations[name] as (...args: Parameters<Operations[Name]>) => Operation<SizesOf<Name>>;
    return shapesOf(...args);
  }

  /** The kernel that is chosen, with all that it is given. @returns runs it */
  #bound<Name extends OperationName>(
    name: Name,
    args: Parameters<Operations[Name]>,
    { sizes, flops }: Operation<SizesOf<Name>>,
    output: GpuTensor,
  ): () => void {
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
    const { second } = variant;
    if (second !== undefined) return () => this.#runTwo(first, second, sizes, output.buffer);
    const dispatch = { ...first, output: output.buffer };
    return () => this.#queue.run(dispatch);
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

/** The operands of an operation that works in place. */
function changedBy(args: readonly unknown[]): { readonly target: Tensor; readonly by: Tensor } {
  const [target, by] = args as readonly [Tensor, Tensor];
  return { target, by };
}

function isWork({ shape }: Operation<unknown>, output: Tensor, args: readonly unknown[]): boolean {
  return (shape === null ? changedBy(args).by : output).length > 0;
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
