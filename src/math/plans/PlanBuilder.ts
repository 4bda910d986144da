/** Writes a plan down, in the order in which the ranks will do it. A layer's plan reads like its forward pass. */

import * as costs from '../costs.ts';
import { type Range, shardRanges } from '../ranges.ts';
import {
  type CollectiveKind,
  elementsOf,
  type LayerPlan,
  type Placement,
  type PlannedCollective,
  type PlannedOp,
  type PlannedStep,
  type PlannedStorage,
  type PlannedTensor,
  type Stage,
  type Storage,
} from './plan.ts';

/** What a tensor is, beside its id. */
export interface TensorSpec {
  readonly label: string;
  readonly placement: Placement;
  /** Of each rank, or one that all ranks have alike. */
  readonly shape: ((rank: number) => readonly number[]) | readonly number[];
  readonly note?: (rank: number) => string;
}

export interface OpSpec {
  readonly label: string;
  readonly inputs: readonly PlannedTensor[];
  /** FLOPs of the one run on a rank; 0 where left out. */
  readonly flops?: (rank: number) => number;
  /** FLOPs of each run, where they are several. */
  readonly runs?: (rank: number) => readonly number[];
  readonly loop?: string;
}

export const replicated: Placement = { kind: 'replicated' };
export const partial: Placement = { kind: 'partial' };
export const own: Placement = { kind: 'own' };
export function sharded(dim: number): Placement {
  return { kind: 'sharded', dim };
}

export class PlanBuilder {
  readonly worldSize: number;
  /** 0, 1, … */
  readonly ranks: readonly number[];
  readonly #tensors = new Map<string, PlannedTensor>();
  readonly #storage: PlannedStorage[] = [];
  readonly #stages: { title: string; note: string; steps: PlannedStep[] }[] = [];
  readonly #inputs: string[] = [];
  #prefix = '';

  constructor(worldSize: number) {
    this.worldSize = worldSize;
    this.ranks = Array.from({ length: worldSize }, (_, rank) => rank);
  }

  /** Ids made inside of `plan` begin with `name.`: a block has two norms. */
  within<T>(name: string, plan: () => T): T {
    const outer = this.#prefix;
    this.#prefix = `${outer}${name}.`;
    try {
      return plan();
    } finally {
      this.#prefix = outer;
    }
  }

  /** What follows is one row of the picture. */
  stage(title: string, note: string): void {
    this.#stages.push({ title, note, steps: [] });
  }

  /** A tensor that the layer is given. */
  input(id: string, spec: TensorSpec): PlannedTensor {
    const tensor = this.#tensor(id, spec);
    this.#inputs.push(tensor.id);
    return tensor;
  }

  store(id: string, storage: Storage, spec: TensorSpec): PlannedTensor {
    const tensor = this.#tensor(id, spec);
    this.#storage.push({ ...tensor, storage });
    return tensor;
  }

  /** An operation that makes a tensor `id`. */
  op(op: string, id: string, spec: OpSpec, output: TensorSpec): PlannedTensor {
    const made = this.#tensor(id, output);
    const empty = (rank: number): boolean => elementsOf(made.shapes[rank] ?? []) === 0;
    this.#step(op, made.id, spec, made.id, empty);
    return made;
  }

  /** An operation whose cost is a function of how many elements its first input has, and whose output is like that. */
  elementwise(
    op: string,
    id: string,
    {
      label,
      inputs,
      cost,
    }: { label: string; inputs: readonly PlannedTensor[]; cost: (elements: number) => number },
    as?: string,
  ): PlannedTensor {
    const [first] = inputs;
    if (first === undefined) throw new Error('an operation has an input');
    const flops = (rank: number): number => cost(elementsOf(first.shapes[rank] ?? []));
    return this.op(op, id, { label, inputs, flops }, like(first, as ?? first.label));
  }

  /** An operation that changes a tensor; it runs where `spec.inputs[0]` has elements. */
  inPlace(op: string, id: string, spec: OpSpec): void {
    const empty = (rank: number): boolean => elementsOf(spec.inputs[0]?.shapes[rank] ?? []) === 0;
    this.#step(op, this.#prefix + id, spec, null, empty);
  }

  /** x·wᵀ (+ b): x `[M, K]` and w `[N, K]` of each rank. */
  linear(
    id: string,
    { x, w, b, label }: { x: PlannedTensor; w: PlannedTensor; b?: PlannedTensor | null; label: string },
    output: TensorSpec,
  ): PlannedTensor {
    const inputs = b ? [x, w, b] : [x, w];
    const flops = (rank: number): number => {
      const [m = 0, k = 0] = x.shapes[rank] ?? [];
      return costs.linearFlops(m, k, w.shapes[rank]?.[0] ?? 0);
    };
    return this.op('linear', id, { label, inputs, flops }, output);
  }

  /** @param counts the buffer's chunks; balanced where left out */
  collective(
    kind: CollectiveKind,
    id: string,
    input: PlannedTensor,
    output: TensorSpec,
    { op = 'sum', counts }: { op?: 'sum' | 'max'; counts?: readonly number[] } = {},
  ): PlannedTensor {
    const made = this.#tensor(id, output);
    const whole = kind === 'all_gather' ? made : input;
    const length = elementsOf(whole.shapes[0] ?? []);
    const step: PlannedCollective = {
      kind: 'collective',
      id: made.id,
      collective: kind,
      op: kind === 'all_gather' ? null : op,
      input: input.id,
      output: made.id,
      length,
      counts: counts ?? shardRanges(length, this.worldSize).map(({ start, end }) => end - start),
    };
    this.#current().push(step);
    return made;
  }

  /** The sum of `partial` on every rank. */
  allReduce(id: string, input: PlannedTensor, label: string): PlannedTensor {
    const shape = input.shapes[0] ?? [];
    return this.collective('all_reduce', id, input, { label, placement: replicated, shape });
  }

  finish(output: PlannedTensor): LayerPlan {
    return {
      worldSize: this.worldSize,
      inputs: this.#inputs,
      output: output.id,
      tensors: this.#tensors,
      storage: this.#storage,
      stages: this.#stages satisfies Stage[],
    };
  }

  #tensor(name: string, { label, placement, shape, note }: TensorSpec): PlannedTensor {
    const id = this.#prefix + name;
    if (this.#tensors.has(id)) throw new Error(`the plan has two tensors '${id}'`);
    const shapes = this.ranks.map((rank) => (typeof shape === 'function' ? shape(rank) : shape));
    const notes = this.ranks.map((rank) => note?.(rank) ?? '');
    const tensor = { id, label, placement, shapes, notes };
    this.#tensors.set(id, tensor);
    return tensor;
  }

  #step(op: string, id: string, spec: OpSpec, output: string | null, empty: (rank: number) => boolean): void {
    const runs = (rank: number): readonly number[] => {
      if (spec.runs !== undefined) return spec.runs(rank);
      return empty(rank) ? [] : [spec.flops?.(rank) ?? 0];
    };
    const step: PlannedOp = {
      kind: 'op',
      id,
      op,
      label: spec.label,
      inputs: spec.inputs.map((input) => input.id),
      output,
      runs: this.ranks.map(runs),
      loop: spec.loop === undefined ? null : this.#prefix + spec.loop,
    };
    this.#current().push(step);
  }

  #current(): PlannedStep[] {
    const stage = this.#stages.at(-1);
    if (stage === undefined) throw new Error('a step needs a stage');
    return stage.steps;
  }
}

/** A spec of a tensor that lies as `tensor` does. */
export function like(tensor: PlannedTensor, label: string): TensorSpec {
  return {
    label,
    placement: tensor.placement,
    shape: (rank) => tensor.shapes[rank] ?? [],
    note: (rank) => tensor.notes[rank] ?? '',
  };
}

/** A spec of a tensor whose rows or columns are cut: `whole` with dimension `dim` as long as each rank's range. */
export function cut(
  label: string,
  whole: readonly number[],
  dim: number,
  ranges: readonly Range[],
  note?: (range: Range) => string,
): TensorSpec {
  const range = (rank: number): Range => ranges[rank] ?? { start: 0, end: 0 };
  return {
    label,
    placement: sharded(dim),
    shape: (rank) => whole.map((size, i) => (i === dim ? range(rank).end - range(rank).start : size)),
    ...(note !== undefined && { note: (rank: number) => note(range(rank)) }),
  };
}
