/** What an operation makes of shapes: the same table that the devices check their operands with. */

import { type Operation, operations } from '../operations/operations.ts';
import { lengthOfShape } from '../operations/shapes.ts';
import type { Tensor } from '../operations/signatures.ts';
import { type Argument, type At, type OpStep, Value } from './program.ts';

export type ShapeOf = (value: Value) => readonly number[];

/**
 * The result's shape and FLOPs on a rank.
 * @throws LabError `input` where the operands do not fit each other
 */
export function resultOf({ op, args }: Pick<OpStep, 'op' | 'args'>, shapeOf: ShapeOf, at: At): Operation {
  const describe = operations[op] as (...args: readonly unknown[]) => Operation;
  return describe(...args.map((arg) => shapeless(arg, shapeOf, at)));
}

/** Whether the operation is any work on a rank: without elements there is nothing to do. */
export function isWork(step: OpStep, shapeOf: ShapeOf, at: At): boolean {
  const changed = step.output ?? step.args[1]; // in place: what is written
  if (!(changed instanceof Value)) return false;
  const shape = step.output === null ? shapeOf(changed) : (resultOf(step, shapeOf, at).shape ?? []);
  return lengthOfShape(shape) > 0;
}

/** The operation's argument, with a tensor that has a shape and nothing else. */
function shapeless(arg: Argument, shapeOf: ShapeOf, at: At): unknown {
  if (!(arg instanceof Value)) return arg(at);
  const shape = shapeOf(arg);
  return { shape, length: lengthOfShape(shape), dtype: 'f32' } satisfies Tensor;
}
