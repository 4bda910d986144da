/**
 * What the operations of a program write to on a rank, kept from the second pass on. A token after another is the same
 * program once more: nothing is allocated for it, and each operation is a call of its kernel.
 */

import type { Device, Tensor } from '../device/device.ts';
import { lengthOfShape } from '../operations/shapes.ts';
import { type OpStep, type Program, stepsOf, type Value } from '../program/program.ts';
import { gatherOfOutput } from './exchange.ts';

/** Passes of many tokens, whose results are large, give their memory back as they go. */
const MOST_BYTES = 2 ** 22;

export class Workspace {
  readonly #device: Device;
  readonly #isKept: (step: OpStep) => boolean;
  readonly #results = new Map<OpStep, Tensor>();
  readonly #own = new Set<Tensor>();
  #passes = 0;

  constructor(device: Device, rank: number, program: Program) {
    this.#device = device;
    const steps = keptSteps(program);
    const bytes = [...steps].reduce(
      (sum, { output }) => sum + 4 * lengthOfShape(output?.shapes[rank] ?? []),
      0,
    );
    this.#isKept = bytes <= MOST_BYTES ? (step) => steps.has(step) : () => false;
  }

  /** A pass begins. What is run but once leaves nothing behind. */
  begin(): void {
    this.#passes++;
  }

  /** What the step wrote to in an earlier pass. */
  resultOf(step: OpStep): Tensor | undefined {
    return this.#results.get(step);
  }

  /** Keeps what a step has made, if it is to be kept. */
  offer(step: OpStep, result: Tensor): void {
    if (this.#passes < 2 || !this.#isKept(step)) return;
    this.#results.set(step, result);
    this.#own.add(result);
  }

  /** Whether the tensor is kept, and so nobody's to free. */
  keeps(tensor: Tensor): boolean {
    return this.#own.has(tensor);
  }

  free(): void {
    this.#device.free(...this.#own);
    this.#results.clear();
    this.#own.clear();
  }
}

/** Operations whose results stay within a pass, and are not the caller's. An all_reduce hands on the memory of what it sums. */
function keptSteps(program: Program): ReadonlySet<OpStep> {
  const steps = stepsOf(program);
  const given = new Set<Value>([program.output]);
  const gather = gatherOfOutput(program, steps.at(-1));
  if (gather !== null) given.add(gather.input); // and the columns, where they stay where they are
  for (const step of steps.toReversed()) {
    if (step.kind === 'collective' && step.collective === 'all_reduce' && given.has(step.output))
      given.add(step.input);
  }
  return new Set(
    steps.filter(
      (step): step is OpStep => step.kind === 'op' && step.output !== null && !given.has(step.output),
    ),
  );
}
