/**
 * Where the result of an operation is, from where its operands are: what a column split leaves as columns, a row split
 * turns into a partial, and nothing but a collective turns into a whole. A layer that adds a bias to a partial, or takes
 * the gelu of one, is wrong on more than one rank, and is refused here.
 */

import type { OperationName } from '../operations/signatures.ts';
import { type Cut, sameCut } from './cuts.ts';
import { type Placement, partial, sharded, type Value } from './program.ts';

export interface Placed {
  readonly placement: Placement;
  readonly cut: Cut | null;
}

/** @throws Error where the ranks would compute something else than the unsplit layer: a layer's bug, not a user's */
export function placementOf(op: OperationName, operands: readonly Value[]): Placed {
  const [first, second, third] = operands;
  if (first === undefined) throw new Error(`${op} has no operand`);
  switch (op) {
    case 'linear':
      return linear(first, second, third);
    case 'add':
      return sum(first, second);
    case 'siluMul':
      if (second === undefined || !alike(first, second)) throw misplaced(op, operands);
      return nonlinear(op, first);
    case 'rows':
      // A rank without the row has zeros, so that the sum over the ranks is the row.
      return second?.placement.kind === 'own' ? { placement: partial, cut: null } : placed(first);
    case 'rowMax':
    case 'sumExp':
    case 'topK':
    case 'pick':
      return first.placement.kind === 'sharded' ? { placement: partial, cut: null } : placed(first);
    case 'linearPerHead':
    case 'columns':
    case 'concatPerHead':
    case 'rmsNorm':
    case 'layerNorm':
    case 'gelu':
    case 'softmax':
    case 'rope':
    case 'attention':
    case 'gate':
      return nonlinear(op, first);
    case 'writeRows':
    case 'addRows':
      throw new Error(`${op} makes no value`);
    default:
      return op satisfies never;
  }
}

function linear(x: Value, w: Value | undefined, b: Value | undefined): Placed {
  if (w === undefined) throw new Error('linear has two operands');
  const [xs, ws] = [x.placement, w.placement];
  if (ws.kind === 'replicated' && xs.kind !== 'own' && !isColumns(x)) {
    if (xs.kind === 'partial' && b !== undefined) throw misplaced('linear', [x, w, b]);
    return placed(x);
  }
  // Column split: the whole of x by a rank's rows of the stored W gives its columns of y.
  if (ws.kind === 'sharded' && ws.dim === 0 && xs.kind === 'replicated') {
    return { placement: sharded(1), cut: w.cut };
  }
  // Row split: a rank's columns of x by its columns of the stored W give a term of each element of y.
  const matching = x.cut !== null && w.cut !== null && sameCut(x.cut, w.cut);
  if (ws.kind === 'sharded' && ws.dim === 1 && isColumns(x) && matching && b === undefined) {
    return { placement: partial, cut: null };
  }
  throw misplaced('linear', b === undefined ? [x, w] : [x, w, b]);
}

function sum(a: Value, b: Value | undefined): Placed {
  if (b === undefined) throw new Error('add has two operands');
  if (alike(a, b)) return placed(a);
  const bias = b.shapes.every((shape) => shape.length === 1);
  const ofColumns = isColumns(a) && b.placement.kind === 'sharded' && bias;
  const ofRows = a.placement.kind === 'sharded' && a.placement.dim === 0 && b.placement.kind === 'replicated';
  if (ofColumns || (ofRows && bias)) return placed(a);
  throw misplaced('add', [a, b]);
}

/** f(Σ x) is not Σ f(x). */
function nonlinear(op: OperationName, x: Value): Placed {
  const linear = op === 'columns' || op === 'linearPerHead' || op === 'concatPerHead';
  if (x.placement.kind === 'partial' && !linear) throw misplaced(op, [x]);
  return placed(x);
}

function placed({ placement, cut }: Value): Placed {
  return { placement, cut };
}

function isColumns({ placement, shapes }: Value): boolean {
  return placement.kind === 'sharded' && placement.dim === (shapes[0]?.length ?? 0) - 1 && placement.dim > 0;
}

function alike(a: Value, b: Value): boolean {
  if (a.placement.kind !== b.placement.kind) return false;
  if (a.placement.kind !== 'sharded' || b.placement.kind !== 'sharded') return true;
  return a.placement.dim === b.placement.dim && (a.cut === null || b.cut === null || sameCut(a.cut, b.cut));
}

function misplaced(op: OperationName, operands: readonly Value[]): Error {
  const where = ({ label, placement }: Value): string =>
    `${label} is ${placement.kind}${placement.kind === 'sharded' ? ` along ${placement.dim}` : ''}`;
  return new Error(`${op} would differ from the unsplit one: ${operands.map(where).join(', ')}`);
}
