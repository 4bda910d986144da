/**
 * What the operations of a program write to on a rank, kept from the second pass on, and from the third how they are run. A
 * token after another is the same program once more: nothing is allocated for it, and most steps are a call of their kernel.
 */

import type { Device, OperationName, PreparedRun, Tensor } from '../device/device.ts';
import { sum } from '../numerics/ranges.ts';
import { hasStart } from '../operations/moved.ts';
import { lengthOfShape } from '../operations/shapes.ts';
import {
  type At,
  type CollectiveStep,
  type OpStep,
  type Program,
  type Step,
  stepsOf,
  Value,
} from '../program/program.ts';
import { gatherOfOutput } from './exchange.ts';

/** Passes of many tokens, whose results are large, give their memory back as they go. */
const MOST_BYTES = 2 ** 22;

/** A step whose result stays within a pass: an operation, or an all_reduce, which hands on the memory of what it sums. */
type Kept = OpStep | CollectiveStep;

export class Workspace {
  readonly #device: Device;
  readonly #kept: ReadonlySet<Kept>;
  /** Steps of which a prepared run will do from pass to pass, and where each stands in the program. */
  readonly #steady: ReadonlyMap<Step, number>;
  readonly #results = new Map<Value, Tensor>();
  readonly #runs: PreparedRun[] = [];
  readonly #own = new Set<Tensor>();
  #passes = 0;

  constructor(device: Device, rank: number, program: Program) {
    this.#device = device;
    const kept = keptSteps(program);
    const bytes = [...kept].map(({ kind, output }) =>
      kind === 'op' ? 4 * lengthOfShape(output?.shapes[rank] ?? []) : 0,
    );
    this.#kept = sum(bytes) <= MOST_BYTES ? kept : new Set();
    this.#steady = steadySteps(program, rank, this.#kept);
  }

  /** A pass begins. What is run but once leaves nothing behind. */
  begin(): void {
    this.#passes++;
  }

  /** What held the value in an earlier pass, and will hold it again. */
  resultOf(value: Value): Tensor | undefined {
    return this.#results.get(value);
  }

  /** Keeps what a step has made, if it is to be kept. */
  offer(step: Kept, result: Tensor): void {
    if (step.output === null || this.#passes < 2 || !this.#kept.has(step)) return;
    this.#results.set(step.output, result);
    this.#own.add(result);
  }

  /** What an operation that was run before is to write to: of one that works in place, its first operand. */
  targetOf(step: OpStep, [first]: readonly unknown[]): Tensor | undefined {
    if (step.output !== null) return this.#results.get(step.output);
    return this.#passes >= 2 && this.#steady.has(step) ? (first as Tensor) : undefined;
  }

  /** By where a step stands in the program: what runs it once more, at another position. */
  get runs(): readonly (PreparedRun | undefined)[] {
    return this.#runs;
  }

  /** Keeps how a step is run, if it is steady. */
  offerRun(step: Kept, run: PreparedRun): void {
    const at = this.#steady.get(step);
    if (at !== undefined) this.#runs[at] = run;
  }

  /** Whether the tensor is kept, and so nobody's to free. */
  keeps(tensor: Tensor): boolean {
    return this.#own.has(tensor);
  }

  free(): void {
    this.#device.free(...this.#own);
    this.#results.clear();
    this.#runs.length = 0;
    this.#own.clear();
  }
}

function isSum(step: Step): step is CollectiveStep {
  return step.kind === 'collective' && step.collective === 'all_reduce';
}

/** All but those whose results are the caller's. */
function keptSteps(program: Program): ReadonlySet<Kept> {
  const steps = stepsOf(program);
  const given = new Set<Value>([program.output]);
  const gather = gatherOfOutput(program, steps.at(-1));
  if (gather !== null) given.add(gather.input); // and the columns, where they stay where they are
  for (const step of steps.toReversed()) if (isSum(step) && given.has(step.output)) given.add(step.input);
  const kept = new Set<Kept>();
  const values = new Set<Value>();
  for (const step of steps) {
    if (step.kind !== 'op' && !(isSum(step) && values.has(step.input))) continue; // zeros that were added to are new
    if (step.output === null || given.has(step.output)) continue;
    kept.add(step);
    values.add(step.output);
  }
  return kept;
}

/** Those that are given the same tensors in every pass, and scalars that a prepared run follows. */
function steadySteps(program: Program, rank: number, kept: ReadonlySet<Kept>): ReadonlyMap<Step, number> {
  const stored = program.storage.filter((one) => one.kind !== 'weight' || !one.perExpert);
  const values = new Set<Value | null>(stored.map(({ value }) => value));
  for (const { output } of kept) values.add(output);
  const isSteady = (step: Kept): boolean => {
    if (!kept.has(step) && step.output !== null) return false; // in place, it changes what is stored
    if (step.kind === 'collective') return values.has(step.input);
    return step.args.every((arg) =>
      arg instanceof Value ? values.has(arg) : isFollowed(step.op, arg, rank),
    );
  };
  const steady = stepsOf(program).flatMap((step, at) => {
    if (step.kind !== 'op' && step.kind !== 'collective') return [];
    return isSteady(step) ? [[step, at] as const] : [];
  });
  return new Map(steady);
}

/** Whether a scalar, or a record of them, changes from one position to another in its start alone, if at all. */
function isFollowed(op: OperationName, scalar: (at: At) => unknown, rank: number): boolean {
  const [a, b] = [1, 2].map((position) => scalar({ rank, position }));
  if (JSON.stringify(a) === JSON.stringify(b)) return true;
  if (!hasStart(op)) return false;
  if (typeof a !== 'object' || a === null) return a === 1 && b === 2;
  return 'start' in a && a.start === 1 && JSON.stringify({ ...a, start: 2 }) === JSON.stringify(b);
}
