/** Writes a program down, in the order in which the ranks will run it. A layer reads like its forward pass. */

import { lengthOf, type Range } from '../numerics/ranges.ts';
import { operations } from '../operations/operations.ts';
import type { OperationName } from '../operations/signatures.ts';
import { type Cut, rangeOf } from './cuts.ts';
import type { LiftedOperations, Made } from './lifted.ts';
import { type At, type Part, type Program, replicated, type Stored, sharded, type Value } from './program.ts';
import { StepWriter } from './StepWriter.ts';

/** How a weight lies in the checkpoint, and which part of it is a rank's. */
export interface WeightOptions {
  readonly label: string;
  /** Of the whole. */
  readonly shape: readonly number[];
  /** Whole on every rank where left out. */
  readonly cut?: { readonly dim: 0 | 1; readonly by: Cut };
}

type Table = Stored & { readonly kind: 'table' };
export type TableOptions = WeightOptions & Pick<Table, 'compute'> & Partial<Pick<Table, 'key' | 'torch'>>;

/** Every operation of the device by its name, on values in place of tensors; stages, weights, collectives; finish(). */
export type ProgramBuilder = Builder & LiftedOperations;

/**
 * An empty program, to be written.
 * @param tokens new ones in a pass
 */
export function programBuilder(worldSize: number, tokens: number): ProgramBuilder {
  const builder = new Builder(worldSize, tokens);
  const entries = (Object.keys(operations) as OperationName[]).map((name) => [
    name,
    (made: Made, ...args: unknown[]) => builder.operation(name, made, args),
  ]);
  return Object.assign(builder, Object.fromEntries(entries) as LiftedOperations);
}

class Builder extends StepWriter {
  readonly #inputs: Value[] = [];
  readonly #storage: Stored[] = [];
  readonly #tables = new Map<string, Value>();

  /** A tensor that the layer is given: the whole, or each rank its own tokens or columns. */
  input(id: string, shape: readonly number[], cut: WeightOptions['cut'] | null = null): Value {
    const placement = cut === null ? replicated : sharded(cut.dim);
    const by = cut?.by ?? null;
    const value = this.value(id, { placement, cut: by, shape: cutShape(shape, cut?.dim ?? 0, by) });
    this.#inputs.push(value);
    return value;
  }

  /** A learned tensor, of which a rank asks the checkpoint for its own part alone. */
  weight(id: string, { label, shape, cut }: WeightOptions): Value {
    const name = this.named(id);
    const [rows = 0, cols] = shape;
    const range = (dim: number, size: number, rank: number): Range =>
      cut?.dim === dim ? rangeOf(cut.by, rank) : { start: 0, end: size };
    const parts = (rank: number): Part[] => [
      { name, rows: range(0, rows, rank), cols: cols === undefined ? null : range(1, cols, rank) },
    ];
    return this.arranged(id, { label, shape, ...(cut && { cut }), parts, arrange: null });
  }

  /** A weight that lies otherwise in the checkpoint than on a rank. */
  arranged(
    id: string,
    {
      label,
      shape,
      cut,
      parts,
      arrange,
    }: WeightOptions & Pick<Stored & { kind: 'weight' }, 'parts' | 'arrange'>,
  ): Value {
    const value = this.#stored(id, label, shape, cut);
    this.#storage.push({ kind: 'weight', value, parts, arrange, perExpert: false });
    return value;
  }

  /** A weight `[out, in]` of each of a rank's experts, which stands in a loop over them for that of the round. */
  weightsOfExperts(
    id: string,
    {
      label,
      shape,
      experts,
      parts,
    }: Pick<WeightOptions, 'label' | 'shape'> & {
      readonly experts: Cut;
      readonly parts: (rank: number) => Part[];
    },
  ): Value {
    const value = this.value({ id, label }, { placement: sharded(0), cut: experts, shape: () => shape });
    this.#storage.push({ kind: 'weight', value, parts, arrange: null, perExpert: true });
    return value;
  }

  /**
   * A tensor that is computed when the layer is loaded: of those with the same key there is one, written by the first layer
   * that has it.
   */
  table(id: string, { label, shape, cut, compute, key = null, torch = null }: TableOptions): Value {
    const known = key === null ? undefined : this.#tables.get(key);
    if (known !== undefined) return known;
    const value = this.#stored(id, label, shape, cut);
    this.#storage.push({ kind: 'table', value, key, compute, torch });
    if (key !== null) this.#tables.set(key, value);
    return value;
  }

  /** Writes the rows of the new tokens behind those of the earlier ones. Gives them all. */
  cache(id: string, rows: Value, capacity: number): Value {
    const { placement, cut, shapes } = rows;
    const shape = (rank: number): number[] => [capacity, shapes[rank]?.[1] ?? 0];
    const value = this.value(id, { placement, cut, shape });
    this.#storage.push({ kind: 'cache', value });
    this.operation('writeRows', { id: id.replace('cache', 'write'), step: `into the ${id}` }, [
      value,
      rows,
      ({ position }: At) => position,
    ]);
    return value;
  }

  /** The program as it is written, with what it gives. */
  finish(output: Value): Program {
    return {
      worldSize: this.worldSize,
      tokens: this.tokens,
      inputs: this.#inputs,
      output,
      storage: this.#storage,
      stages: this.stages,
    };
  }

  #stored(id: string, label: string, whole: readonly number[], cut: WeightOptions['cut']): Value {
    const placement = cut === undefined ? replicated : sharded(cut.dim);
    const shape = cutShape(whole, cut?.dim ?? 0, cut?.by ?? null);
    return this.value({ id, label }, { placement, cut: cut?.by ?? null, shape });
  }
}

function cutShape(
  whole: readonly number[],
  dim: number,
  cut: Cut | null,
): (rank: number) => readonly number[] {
  return (rank) => whole.map((size, i) => (i === dim && cut !== null ? lengthOf(rangeOf(cut, rank)) : size));
}
