/** The device's operations as a program is written in them: on values in place of tensors. */

import type { OperationName, Operations, Tensor } from '../operations/signatures.ts';
import type { Cut } from './cuts.ts';
import type { Argument, At, Placement, Value } from './program.ts';

/** What an operation makes: an id, which is the label too, or both; and where it is, if its operands do not tell. */
export type Made = string | MadeFields;
export interface MadeFields {
  readonly id: string;
  readonly label?: string;
  /** Of the step; by the operation where left out. */
  readonly step?: string;
  readonly placement?: Placement;
  readonly cut?: Cut | null;
}

/** A scalar of an operation: the same everywhere, or by rank and position. */
type Lifted<A> = A extends Tensor ? Value : A | ((at: At) => A);
type LiftedAll<Args extends readonly unknown[]> = { [I in keyof Args]: Lifted<Args[I]> };
type LiftedOperation<Op extends (...args: never[]) => unknown> =
  ReturnType<Op> extends Tensor
    ? (made: Made, ...args: LiftedAll<Parameters<Op>>) => Value
    : (made: Made, ...args: LiftedAll<Parameters<Op>>) => void;

/** The operations of the device, on values in place of tensors. */
export type LiftedOperations = { [Name in OperationName]: LiftedOperation<Operations[Name]> };

export function fieldsOf(made: Made): MadeFields {
  return typeof made === 'string' ? { id: made } : made;
}

/** What is no value is a scalar. */
export function lift(arg: unknown): Argument {
  return typeof arg === 'function' ? (arg as (at: At) => unknown) : () => arg;
}

/** What a step says of itself, where its layer does not. */
export function describe(op: OperationName, operands: readonly Value[]): string {
  const [a, b] = operands.map(({ label }) => label);
  switch (op) {
    case 'linear':
      return `${a}·${b}ᵀ`;
    case 'add':
      return `${a} + ${b}`;
    case 'attention':
      return 'softmax(q·kᵀ)·v';
    case 'siluMul':
      return `silu(${a})·${b}`;
    case 'gelu':
      return `gelu(${a})`;
    case 'concatPerHead':
      return `${a}|${b}`;
    default:
      return op;
  }
}
