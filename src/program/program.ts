/**
 * A layer, written down once: what each rank holds, which operations it runs on it, and which collectives follow. The
 * ranks run it (parallel/execute.ts), the page draws it and costs are read off it (planOf.ts). It knows sizes, and no
 * values.
 */

import type { LayerCollective } from '../collectives/kinds.ts';
import type { Range } from '../numerics/ranges.ts';
import type { OperationName } from '../operations/signatures.ts';
import type { Cut } from './cuts.ts';
import type { Use } from './torch/python.ts';

/** Where the elements of a value are. */
export type Placement =
  /** Every rank has all of them, the same bits. */
  | { readonly kind: 'replicated' }
  /** Each rank has its own range of dimension `dim`; neighbouring ranks may share one (replicated key/value heads). */
  | { readonly kind: 'sharded'; readonly dim: number }
  /** Every rank has a term of each; only their sum is the value. */
  | { readonly kind: 'partial' }
  /** Every rank has values of its own, which are no part of a whole: ids counted from its first one. */
  | { readonly kind: 'own' };

export const replicated: Placement = { kind: 'replicated' };
export const partial: Placement = { kind: 'partial' };
export const own: Placement = { kind: 'own' };
export function sharded(dim: number): Placement {
  return { kind: 'sharded', dim };
}

/** A tensor that there will be, on every rank. */
export class Value {
  readonly id: string;
  /** As in the formula: "q", "h". */
  readonly label: string;
  readonly placement: Placement;
  /** `shapes[rank]`; may hold zeros. Inside a loop over experts: for one token. */
  readonly shapes: readonly (readonly number[])[];
  /** Which part a rank has, where it is sharded; null where that has no name. */
  readonly cut: Cut | null;
  /** What each rank's shard is, in the layer's own terms: "heads 8–15". Empty where there is nothing to say. */
  readonly notes: readonly string[];

  constructor(fields: Value) {
    this.id = fields.id;
    this.label = fields.label;
    this.placement = fields.placement;
    this.shapes = fields.shapes;
    this.cut = fields.cut;
    this.notes = fields.notes;
  }
}

/** A part of a tensor of the checkpoint: rows of a vector, a block of a matrix. */
export interface Part {
  /** "self_attn.q_proj.weight" */
  readonly name: string;
  readonly rows: Range;
  /** Null in a vector. */
  readonly cols: Range | null;
}

/** Puts elements in another order, or zeros among them, whatever they are stored in. */
export interface Arrangement {
  readonly apply: <T extends Float32Array | Uint16Array>(data: T, rank: number) => T;
  /** The same of the whole weight `w`, in PyTorch. */
  readonly torch: (w: string) => string;
}

/** What a rank keeps from one pass to the next. */
export type Stored =
  /** Learned. Its parts lie one below the other; `arrange` makes of them what the kernels want. */
  | {
      readonly kind: 'weight';
      readonly value: Value;
      readonly parts: (rank: number) => readonly Part[];
      readonly arrange: Arrangement | null;
      /** One tensor a part, of which a loop over experts takes one a round. */
      readonly perExpert: boolean;
    }
  /** Computed when the layer is loaded: the angles of RoPE. */
  | {
      readonly kind: 'table';
      readonly value: Value;
      /** What has the same key has the same elements, on other ranks and in other programs too; null: what has none. */
      readonly key: string | null;
      readonly compute: (rank: number) => Float32Array;
      /** The whole, in PyTorch; null where nobody asks for it. */
      readonly torch: ((use: Use) => string) | null;
    }
  /** Rows of earlier tokens; as many as there is room for. */
  | { readonly kind: 'cache'; readonly value: Value };

/** What is known only when a rank runs. */
export interface At {
  readonly rank: number;
  /** Of the first token: how many came before. */
  readonly position: number;
}

/** An argument of an operation: a value, or a scalar or record of them. */
export type Argument = Value | ((at: At) => unknown);

/** An operation of the device, on every rank that has something to do. */
export interface OpStep {
  readonly kind: 'op';
  readonly id: string;
  readonly op: OperationName;
  /** For people: "x·Wqᵀ", "softmax(q·kᵀ)·v". */
  readonly label: string;
  /** In the order of the operation's parameters. */
  readonly args: readonly Argument[];
  /** Null where it works in place. */
  readonly output: Value | null;
}

/** Zeros to be added to. */
export interface ZerosStep {
  readonly kind: 'zeros';
  readonly id: string;
  readonly label: string;
  readonly output: Value;
}

/** What the host computes: of the layer's own inputs as they are, of tensors after they were read. */
export interface HostStep {
  readonly kind: 'host';
  readonly id: string;
  readonly label: string;
  readonly inputs: readonly Value[];
  readonly output: Value;
  /** @throws LabError `input` where the values cannot be used */
  readonly compute: (values: readonly ArrayLike<number>[], rank: number) => Float32Array;
  /** The same in PyTorch, of inputs by these names; null where nobody asks for it. */
  readonly torch: ((use: Use, ...inputs: string[]) => string) | null;
}

export interface CollectiveStep {
  readonly kind: 'collective';
  readonly id: string;
  readonly collective: LayerCollective;
  /** Null in an all_gather. */
  readonly op: 'sum' | 'max' | null;
  /** An all_reduce works in place: the output takes over the memory of the input. */
  readonly input: Value;
  readonly output: Value;
  /** float32 elements of the whole buffer, and of its chunks, one a rank. */
  readonly length: number;
  readonly counts: readonly number[];
  /** Columns from here on are padding, and become −∞. Null: there is none. */
  readonly paddedFrom: number | null;
}

/**
 * sum[tokens] += weight · expert(x[tokens]), for each expert of the rank that any token chose. Which tokens those are is
 * in `weights`, so that a rank has to read it.
 */
export interface ExpertsStep {
  readonly kind: 'experts';
  readonly id: string;
  /** `[T, experts]`: 0 where a token did not choose an expert. */
  readonly weights: Value;
  readonly experts: readonly Range[];
  /** The tokens of a round, and their weights: made by the host. */
  readonly tokens: Value;
  readonly shares: Value;
  /** A round. */
  readonly body: readonly OpStep[];
}

export type Step = OpStep | ZerosStep | HostStep | CollectiveStep | ExpertsStep;

/** Steps that are read as one: a row of the picture. */
export interface Stage {
  /** "column split" */
  readonly title: string;
  /** "no communication" */
  readonly note: string;
  readonly steps: readonly Step[];
}

export interface Program {
  readonly worldSize: number;
  /** New tokens of a pass. */
  readonly tokens: number;
  /** What the layer is given. */
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly storage: readonly Stored[];
  readonly stages: readonly Stage[];
}

export function stepsOf(program: Program): Step[] {
  return program.stages.flatMap((stage) => stage.steps);
}

/** The values that a step reads or changes. */
export function operandsOf(step: Step): readonly Value[] {
  switch (step.kind) {
    case 'op':
      return step.args.filter((arg) => arg instanceof Value);
    case 'zeros':
      return [];
    case 'host':
      return step.inputs;
    case 'collective':
      return [step.input];
    case 'experts':
      return [step.weights, ...step.body.flatMap(operandsOf)];
    default:
      return step satisfies never;
  }
}

/** The steps of a program, and which values nobody needs behind each. */
export function lastUses(
  program: Program,
): readonly { readonly step: Step; readonly unneeded: readonly Value[] }[] {
  const known = lifetimes.get(program);
  if (known !== undefined) return known;
  const steps = stepsOf(program);
  const last = new Map<Value, Step>();
  for (const step of steps) {
    if (step.kind !== 'experts' && step.output !== null) last.set(step.output, step); // where nobody reads it
    for (const value of operandsOf(step)) last.set(value, step);
  }
  last.delete(program.output);
  const found = steps.map((step) => ({
    step,
    unneeded: [...last].filter(([, at]) => at === step).map(([value]) => value),
  }));
  lifetimes.set(program, found);
  return found;
}

const lifetimes = new WeakMap<Program, ReturnType<typeof lastUses>>();

/** What a rank keeps, by the value that it is: looked up for every operand of every step, and the same for all passes. */
export function storedIn(program: Program): ReadonlyMap<Value, Stored> {
  const known = storages.get(program) ?? new Map(program.storage.map((stored) => [stored.value, stored]));
  storages.set(program, known);
  return known;
}

const storages = new WeakMap<Program, ReadonlyMap<Value, Stored>>();
