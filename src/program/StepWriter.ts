/** Writes down the steps of a program: operations, collectives, loops over experts, and the values that they make. */

import { lengthOf, shardRanges } from '../numerics/ranges.ts';
import { lengthOfShape } from '../operations/shapes.ts';
import type { OperationName } from '../operations/signatures.ts';
import { type Cut, rangeOf, rangesOf, unitsOf, withWidth } from './cuts.ts';
import { resultOf } from './infer.ts';
import { describe, fieldsOf, lift, type Made, type MadeFields } from './lifted.ts';
import { placementOf } from './placement.ts';
import {
  type CollectiveStep,
  type HostStep,
  type OpStep,
  type Placement,
  replicated,
  type Stage,
  type Step,
  sharded,
  Value,
} from './program.ts';

export class StepWriter {
  readonly worldSize: number;
  /** T, the new tokens of a pass. */
  readonly tokens: number;
  /** 0, 1, … */
  readonly ranks: readonly number[];
  readonly #ids = new Set<string>();
  readonly #stages: { title: string; note: string; steps: Step[] }[] = [];
  #prefix = '';
  /** The steps of a loop under way, and where what they make is. */
  #loop: { readonly body: OpStep[]; readonly cut: Cut } | null = null;

  constructor(worldSize: number, tokens: number) {
    this.worldSize = worldSize;
    this.tokens = tokens;
    this.ranks = Array.from({ length: worldSize }, (_, rank) => rank);
  }

  /** What `write` names begins with `name.`, as in a checkpoint: "self_attn.q_proj.weight". */
  within<T>(name: string, write: () => T): T {
    const outer = this.#prefix;
    this.#prefix = `${outer}${name}.`;
    try {
      return write();
    } finally {
      this.#prefix = outer;
    }
  }

  /** The name of a weight in the checkpoint. */
  named(id: string): string {
    return this.#prefix + id;
  }

  /** What follows is one row of the picture. */
  stage(title: string, note = ''): void {
    this.#stages.push({ title, note, steps: [] });
  }

  operation(op: OperationName, made: Made, given: readonly unknown[]): Value {
    const { id, label, step: named, placement, cut } = fieldsOf(made);
    // An operand that was left out stays so; what is no value is a scalar.
    const args = given.map((arg) => (arg instanceof Value ? arg : lift(arg)));
    const operands = args.filter((arg) => arg instanceof Value);
    const shapes = this.ranks.map(
      (rank) => resultOf({ op, args }, (value) => value.shapes[rank] ?? [], { rank, position: 0 }).shape,
    );
    const step = {
      kind: 'op',
      op,
      id: this.#prefix + id,
      label: named ?? describe(op, operands),
      args,
    } as const;
    if (shapes[0] === null) {
      this.#push({ ...step, output: null });
      return operands[0] as Value; // the one that it changes
    }
    const where =
      this.#loop !== null
        ? { placement: sharded(0), cut: this.#loop.cut }
        : placement !== undefined
          ? { placement, cut: cut ?? null }
          : placementOf(op, operands);
    const [first] = operands;
    const output = this.value(
      { id, label: label ?? (KEEPING.has(op) ? (first?.label ?? id) : id) },
      { ...where, cut: fitted(where.cut, where.placement, shapes), shape: (rank) => shapes[rank] ?? [] },
    );
    this.#push({ ...step, output });
    return output;
  }

  zeros(made: Made, shape: readonly number[]): Value {
    const { id, label = id, placement = replicated } = fieldsOf(made);
    const output = this.value({ id, label }, { placement, cut: null, shape: () => shape });
    this.#current().push({ kind: 'zeros', id: output.id, label: 'zeros', output });
    return output;
  }

  /** @param shape of the result, on every rank */
  host(
    made: MadeFields,
    inputs: readonly Value[],
    shape: readonly number[],
    { compute, torch = null }: Pick<HostStep, 'compute'> & Partial<Pick<HostStep, 'torch'>>,
    notes?: readonly string[],
  ): Value {
    const { id, label = id, placement = replicated, step = label } = made;
    const output = this.value({ id, label }, { placement, cut: null, shape: () => shape }, notes);
    this.#current().push({ kind: 'host', id: output.id, label: step, inputs, output, compute, torch });
    return output;
  }

  /** The sum of a partial, on every rank. */
  allReduce(made: Made, input: Value, op: 'sum' | 'max' = 'sum'): Value {
    if (input.placement.kind !== 'partial')
      throw new Error(`${input.id} is no partial: there is nothing to sum`);
    const shape = input.shapes[0] ?? [];
    const length = lengthOfShape(shape);
    const counts = shardRanges(length, this.worldSize).map(lengthOf);
    return this.#collective(
      made,
      input,
      { collective: 'all_reduce', op, length, counts },
      replicated,
      null,
      () => shape,
    );
  }

  /** The sum of a partial `[T, N]`, of which each rank gets its tokens. */
  reduceScatter(made: Made, input: Value, tokens: Cut): Value {
    if (input.placement.kind !== 'partial')
      throw new Error(`${input.id} is no partial: there is nothing to sum`);
    const [, cols = 0] = input.shapes[0] ?? [];
    const length = lengthOfShape(input.shapes[0] ?? []);
    const counts = rangesOf(tokens).map((range) => lengthOf(range) * cols);
    const shape = (rank: number): number[] => [lengthOf(rangeOf(tokens, rank)), cols];
    return this.#collective(
      made,
      input,
      { collective: 'reduce_scatter', op: 'sum', length, counts },
      sharded(0),
      tokens,
      shape,
    );
  }

  /** The rows or columns of all ranks put together, on every rank. */
  allGather(made: Made, input: Value, paddedFrom: number | null = null): Value {
    const { placement, shapes } = input;
    if (placement.kind !== 'sharded')
      throw new Error(`${input.id} is not sharded: there is nothing to gather`);
    const { dim } = placement;
    const whole = (shapes[0] ?? []).map((size, i) =>
      i === dim ? shapes.reduce((sum, shape) => sum + (shape[dim] ?? 0), 0) : size,
    );
    const counts = shapes.map(lengthOfShape);
    const length = lengthOfShape(whole);
    const how = { collective: 'all_gather', op: null, length, counts, paddedFrom } as const;
    return this.#collective(made, input, how, replicated, null, () => whole);
  }

  /**
   * sum[tokens] += weight · expert(x[tokens]), for each of a rank's experts.
   * @param body writes a round: its tokens `[n]` → their output `[n, hidden]`
   */
  forEachExpert(
    id: string,
    { weights, sum, experts }: { readonly weights: Value; readonly sum: Value; readonly experts: Cut },
    body: (tokens: Value) => Value,
  ): void {
    const rows = { placement: sharded(0), cut: experts, shape: () => [1] };
    const tokens = this.value('tokens', rows);
    const shares = this.value('weights', rows);
    const loop = { body: [] as OpStep[], cut: experts };
    this.#loop = loop;
    const y = body(tokens);
    this.operation('addRows', { id: 'add', step: `${sum.label}[tokens] += weight·${y.label}` }, [
      sum,
      y,
      tokens,
      shares,
    ]);
    this.#loop = null;
    const step = {
      id: this.#prefix + id,
      weights,
      experts: rangesOf(experts),
      tokens,
      shares,
      body: loop.body,
    };
    this.#current().push({ kind: 'experts', ...step });
  }

  protected get stages(): readonly Stage[] {
    return this.#stages;
  }

  /** Something that there will be. */
  protected value(
    made: Made,
    {
      placement,
      cut,
      shape,
    }: { placement: Placement; cut: Cut | null; shape: (rank: number) => readonly number[] },
    notes?: readonly string[],
  ): Value {
    const { id: name, label = name } = fieldsOf(made);
    const id = this.#prefix + name;
    if (this.#ids.has(id)) throw new Error(`the program has two values '${id}'`);
    this.#ids.add(id);
    return new Value({
      id,
      label,
      placement,
      cut,
      shapes: this.ranks.map(shape),
      notes: notes ?? this.ranks.map((rank) => cut?.notes[rank] ?? ''),
    });
  }

  #push(step: OpStep): void {
    if (this.#loop === null) this.#current().push(step);
    else this.#loop.body.push(step);
  }

  #current(): Step[] {
    const stage = this.#stages.at(-1);
    if (stage === undefined) throw new Error('a step needs a stage');
    return stage.steps;
  }

  #collective(
    made: Made,
    input: Value,
    how: Pick<CollectiveStep, 'collective' | 'op' | 'length' | 'counts'> & { paddedFrom?: number | null },
    placement: Placement,
    cut: Cut | null,
    shape: (rank: number) => readonly number[],
  ): Value {
    const { id, label = id } = fieldsOf(made);
    const output = this.value({ id, label }, { placement, cut, shape });
    this.#current().push({ kind: 'collective', id: output.id, paddedFrom: null, ...how, input, output });
    return output;
  }
}

/** Operations that leave what they are given what it is: q turned is still q. */
const KEEPING: ReadonlySet<OperationName> = new Set(['rope', 'rmsNorm', 'layerNorm']);

/** The cut with units as wide as they are now: an operation by heads may change the width of one. */
function fitted(
  cut: Cut | null,
  placement: Placement,
  shapes: readonly (readonly number[] | null)[],
): Cut | null {
  if (cut === null || placement.kind !== 'sharded') return cut;
  const rank = cut.units.findIndex((_, i) => unitsOf(cut, i) > 0);
  if (rank < 0) return cut;
  return withWidth(cut, (shapes[rank]?.[placement.dim] ?? 0) / unitsOf(cut, rank));
}
