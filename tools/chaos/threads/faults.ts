/** A random program for a group of threads, and the fault that strikes it. */

import { REDUCE_OPS } from '../../../src/collectives/kinds.ts';
import { Draw } from '../draw.ts';
import { COLLECTIVES, callText, drawCounts, drawStep, type Step } from '../steps.ts';
import { REFUSALS, type RefusalName } from './refusals.ts';

/** It strikes in the last round, before step `at`. */
export type Fault =
  | { readonly kind: 'none' }
  /** Late, but before the deadline. */
  | { readonly kind: 'late'; readonly rank: number; readonly at: number }
  /** Calls that must be refused, and change nothing. */
  | {
      readonly kind: 'refused';
      readonly ranks: readonly number[];
      readonly at: number;
      readonly call: RefusalName;
    }
  | {
      readonly kind: 'throws';
      readonly ranks: readonly number[];
      readonly at: number;
      readonly call: RefusalName | null;
    }
  /** For longer than the deadline. */
  | { readonly kind: 'hangs'; readonly ranks: readonly number[]; readonly at: number }
  | { readonly kind: 'returns'; readonly rank: number; readonly at: number }
  /** The thread ends by itself, or is ended from outside. */
  | { readonly kind: 'exits'; readonly rank: number; readonly at: number }
  | { readonly kind: 'terminated'; readonly rank: number; readonly afterMs: number }
  | { readonly kind: 'aborted'; readonly afterMs: number }
  /** One rank's program is another from step `at` on. */
  | { readonly kind: 'differs'; readonly rank: number; readonly at: number; readonly steps: readonly Step[] }
  /** In the last step, a shift. */
  | { readonly kind: 'wrong-peer'; readonly rank: number; readonly to: number }
  | { readonly kind: 'wrong-length'; readonly rank: number; readonly length: number };

export interface ThreadCase {
  readonly seed: number;
  readonly worldSize: number;
  readonly slotBytes: number;
  readonly mailboxBytes: number;
  readonly cores: number;
  readonly steps: readonly Step[];
  /** How often the steps are gone through: an end from outside is to come in their midst. */
  readonly rounds: number;
  readonly fault: Fault;
  /** Whether only the deadline ends it. */
  readonly waits: boolean;
}

const FAULTS = [
  'none',
  'late',
  'refused',
  'throws',
  'hangs',
  'returns',
  'exits',
  'terminated',
  'aborted',
  'differs',
  'wrong-peer',
  'wrong-length',
] as const satisfies readonly Fault['kind'][];

export function drawThreadCase(seed: number, number: number): ThreadCase {
  const draw = new Draw(seed, number);
  const kind = draw.pick(FAULTS);
  const fewest = kind === 'wrong-peer' ? 3 : kind === 'differs' || kind === 'wrong-length' ? 2 : 1;
  const worldSize = fewest + draw.below(9 - fewest);
  const slotBytes = draw.pick([256, 4096, 65_536]);
  const mailboxBytes = draw.pick([64, 1024, 16_384]);
  const portions = { slotLength: slotBytes / 4, letterLength: mailboxBytes / 4 };
  const messages = kind !== 'differs'; // which of two ranks that wait for a message is wrong, nobody can tell
  const count = 1 + draw.below(6);
  const steps: Step[] = [];
  while (steps.length < count) {
    const step = drawStep(draw, worldSize, portions, messages);
    // Two calls that look alike cannot be told apart, were one of them left out.
    const last = steps.at(-1);
    if (last === undefined || callText(last, worldSize) !== callText(step, worldSize)) steps.push(step);
  }
  if (kind === 'wrong-peer' || kind === 'wrong-length')
    steps.push({
      ...drawStep(draw, worldSize, portions, false),
      kind: 'shift',
      length: draw.below(5 * portions.letterLength),
    });
  const fault = drawFault(draw, kind, worldSize, steps);
  const endless = fault.kind === 'terminated' || fault.kind === 'aborted';
  return {
    seed: draw.below(2 ** 31),
    worldSize,
    slotBytes,
    mailboxBytes,
    cores: draw.pick([1, 8]), // with eight the ranks spin before they sleep
    steps,
    rounds: endless ? 1_000_000 : 1 + draw.below(3),
    fault,
    waits: waitsForDeadline(fault, steps),
  };
}

function drawFault(draw: Draw, kind: Fault['kind'], worldSize: number, steps: readonly Step[]): Fault {
  const rank = draw.below(worldSize);
  const at = draw.below(steps.length);
  const some = worldSize > 2 && draw.chance(0.3) ? [rank, draw.other(worldSize, rank)] : [rank];
  const call = draw.pick(Object.keys(REFUSALS) as RefusalName[]);
  switch (kind) {
    case 'none':
      return { kind };
    case 'late':
    case 'returns':
    case 'exits':
      return { kind, rank, at };
    case 'refused': {
      const all = Array.from({ length: worldSize }, (_, each) => each);
      return { kind, ranks: draw.chance(0.5) ? all : some, at, call };
    }
    case 'throws':
      return { kind, ranks: some, at, call: draw.chance(0.3) ? call : null };
    case 'hangs':
      return { kind, ranks: some, at };
    case 'terminated':
      return { kind, rank, afterMs: draw.below(60) };
    case 'aborted':
      return { kind, afterMs: draw.below(60) };
    case 'differs':
      return { kind, rank, at, steps: drawOtherSteps(draw, steps, at, worldSize) };
    case 'wrong-peer':
      return { kind, rank, to: draw.other(worldSize, rank, (rank + 1) % worldSize) };
    case 'wrong-length': {
      const right = steps.at(-1)?.length ?? 0;
      const shorter = right > 0 && draw.chance(0.5);
      return { kind, rank, length: shorter ? draw.below(right) : right + 1 + draw.below(2000) };
    }
    default:
      return kind satisfies never;
  }
}

/** The same steps with one left out, doubled, put in another place, or changed in one respect. */
function drawOtherSteps(draw: Draw, steps: readonly Step[], at: number, worldSize: number): Step[] {
  const [before, step, after] = [steps.slice(0, at), steps[at] as Step, steps.slice(at + 1)];
  switch (draw.pick(['left out', 'doubled', 'swapped', 'changed', 'changed', 'changed'] as const)) {
    case 'left out':
      return [...before, ...after];
    case 'doubled':
      return [...before, step, step, ...after];
    case 'swapped': {
      const [next, ...rest] = after;
      return next === undefined ? before : [...before, next, step, ...rest];
    }
    default: {
      for (;;) {
        const changed = { ...step, ...drawChange(draw, step, worldSize) };
        if (callText(changed, worldSize) !== callText(step, worldSize)) return [...before, changed, ...after];
      }
    }
  }
}

/** It may change nothing: a barrier has no length. */
function drawChange(draw: Draw, { length }: Step, worldSize: number): Partial<Step> {
  return draw.pick<Partial<Step>>([
    { kind: draw.pick(COLLECTIVES) },
    { length: length + 1 + draw.below(10), counts: null },
    { length: draw.below(10), counts: null },
    { op: draw.pick(REDUCE_OPS) },
    { algorithm: draw.pick(['ring', 'one-shot', 'two-shot'] as const) },
    { root: draw.below(worldSize) },
    { counts: drawCounts(draw, length, worldSize) },
  ]);
}

/** Whether the rank's program is only shorter or only longer than the others', so that somebody waits in vain. */
function waitsForDeadline(fault: Fault, steps: readonly Step[]): boolean {
  switch (fault.kind) {
    case 'hangs':
    case 'returns':
    case 'exits':
    case 'terminated':
    case 'wrong-peer':
      return true;
    case 'differs':
      return steps.length !== fault.steps.length;
    case 'none':
    case 'late':
    case 'refused':
    case 'throws':
    case 'aborted':
    case 'wrong-length':
      return false;
    default:
      return fault satisfies never;
  }
}
