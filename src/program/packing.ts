/** Which weights may stay 16-bit floats on a device or be held in blocks, and what a rank's storage takes then. */

import { BLOCK } from '../numerics/blocks.ts';
import { type BlockType, bytesOf, type DType } from '../numerics/dtype.ts';
import { packedOperands } from '../operations/operations.ts';
import { lengthOfShape } from '../operations/shapes.ts';
import { operandsOf, type Program, type Step, type Stored, stepsOf, Value } from './program.ts';

/** How a device would hold a tensor of the checkpoint, by its name, where it need not be float32. */
export type WeightTypes = (name: string) => DType;

/** The weights that nothing reads but operations that take 16-bit floats for them. */
export function packable(program: Program): ReadonlySet<Value> {
  const known = packables.get(program);
  if (known !== undefined) return known;
  const found = new Set(program.storage.filter(({ kind }) => kind === 'weight').map(({ value }) => value));
  for (const value of stepsOf(program).flatMap(readWide)) found.delete(value);
  packables.set(program, found);
  return found;
}

/** How a model's products hold their weights: as the checkpoint has them, or in blocks of 32 along a row. */
export type ProductWeights = 'stored' | BlockType;
export const PRODUCT_WEIGHTS = ['stored', 'q8', 'q4'] as const satisfies readonly ProductWeights[];

/** Σ w² of weights that were rounded, and Σ (w' − w)²: the root of their quotient is the error, in RMS. */
export interface WeightRounding {
  readonly squares: number;
  readonly errorSquares: number;
}

/**
 * The weights that nothing reads but products: the table of an embedding is none, be it the head's too. Nor are those of
 * the gates of experts, which llama.cpp does not round either: they are small, and tokens would go elsewhere.
 */
export function multiplied(program: Program): ReadonlySet<Value> {
  const found = new Set(packable(program));
  const steps = stepsOf(program);
  for (const value of steps.flatMap(lookedUp)) found.delete(value);
  const logits = new Set(
    steps.flatMap((step) => (step.kind === 'op' && step.op === 'gate' ? step.args : [])),
  );
  for (const step of steps) {
    if (step.kind === 'op' && step.output !== null && logits.has(step.output)) {
      for (const value of operandsOf(step)) found.delete(value);
    }
  }
  return found;
}

/** Names in the checkpoint of what {@link multiplied} has, on any rank. */
export function multipliedNames(program: Program): ReadonlySet<string> {
  const products = multiplied(program);
  return new Set(
    program.storage.flatMap((stored) =>
      stored.kind === 'weight' && products.has(stored.value)
        ? stored.value.shapes.flatMap((_, rank) => stored.parts(rank).map(({ name }) => name))
        : [],
    ),
  );
}

/** The first weight of a product of which a rank's rows are no whole blocks; null where there is none. */
export function cutBlock(
  program: Program,
): { readonly name: string; readonly rank: number; readonly width: number } | null {
  for (const value of multiplied(program)) {
    for (const [rank, shape] of value.shapes.entries()) {
      const width = shape.at(-1) ?? 0;
      if (lengthOfShape(shape) > 0 && width % BLOCK !== 0) return { name: value.id, rank, width };
    }
  }
  return null;
}

const packables = new WeakMap<Program, ReadonlySet<Value>>();

/**
 * Bytes of each tensor that `rank` holds of what is stored: one, or of a weight of experts one for each of the rank's.
 * @param types float32 where left out
 */
export function heldBytes(program: Program, stored: Stored, rank: number, types?: WeightTypes): number[] {
  const elements = lengthOfShape(stored.value.shapes[rank] ?? []);
  if (stored.kind !== 'weight') return [bytesOf(elements, 'f32')];
  const narrow = types !== undefined && packable(program).has(stored.value);
  const held = stored.parts(rank).map(({ name }): DType => (narrow ? types(name) : 'f32'));
  return (stored.perExpert ? held : [commonType(held)]).map((type) => bytesOf(elements, type));
}

/** How parts of one tensor are held: as they are stored, where that is the same for all. */
export function commonType<T extends DType>([first, ...rest]: readonly T[]): T | 'f32' {
  return first !== undefined && rest.every((type) => type === first) ? first : 'f32';
}

function lookedUp(step: Step): readonly Value[] {
  if (step.kind === 'experts') return step.body.flatMap(lookedUp);
  return step.kind === 'op' && step.op === 'rows' ? step.args.filter((arg) => arg instanceof Value) : [];
}

/** The values that a step reads where they have to be float32, or changes. */
function readWide(step: Step): readonly Value[] {
  if (step.kind === 'experts') return [step.weights, ...step.body.flatMap(readWide)];
  if (step.kind !== 'op') return operandsOf(step);
  const weight = (packedOperands as Partial<Record<typeof step.op, number>>)[step.op];
  return step.args.filter((arg, i): arg is Value => arg instanceof Value && i !== weight);
}
