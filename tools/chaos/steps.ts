/** The steps of a random program: what every rank calls of its communicator, in this order. */

import { type Algorithm, chooseAlgorithm } from '../../src/collectives/algorithm.ts';
import { REDUCE_OPS, type ReduceOp } from '../../src/collectives/kinds.ts';
import { lengthOf, shardRanges } from '../../src/numerics/ranges.ts';
import type { Draw } from './draw.ts';

export const COLLECTIVES = [
  'allReduce',
  'reduceScatter',
  'allGather',
  'broadcast',
  'allToAll',
  'barrier',
] as const;
/** relay: a message round the ring from `root` and back to it. shift: everybody to its next rank. */
const MESSAGES = ['relay', 'shift'] as const;

export type StepKind = (typeof COLLECTIVES)[number] | (typeof MESSAGES)[number];

export interface Step {
  readonly kind: StepKind;
  /** Elements of the whole buffer, or of a message. */
  readonly length: number;
  readonly op: ReduceOp;
  readonly algorithm: Algorithm | 'auto';
  /** Chunk lengths of reduceScatter and allGather, one a rank; null: balanced. */
  readonly counts: readonly number[] | null;
  /** Of broadcast and relay. */
  readonly root: number;
  /** special: with NaN, infinities and both zeros. */
  readonly numbers: 'integers' | 'special';
  readonly inArena: boolean;
}

export function isCollective({ kind }: Step): boolean {
  return COLLECTIVES.some((collective) => collective === kind);
}

/** The elements that go through a group's memory at once: lengths are drawn on both sides of them. */
export interface Portions {
  readonly slotLength: number;
  readonly letterLength: number;
}

/** @param messages whether it may be one that sends and receives */
export function drawStep(draw: Draw, worldSize: number, portions: Portions, messages: boolean): Step {
  const n = worldSize;
  const kinds: readonly StepKind[] = messages && n > 1 ? [...COLLECTIVES, ...MESSAGES] : COLLECTIVES;
  const kind = draw.pick(kinds);
  const portion = kind === 'relay' || kind === 'shift' ? portions.letterLength : portions.slotLength;
  const edges = [0, 1, n - 1, n, n + 1, portion - 1, portion, portion + 1, 3 * portion + 7];
  const length = kind === 'barrier' ? 0 : draw.chance(0.7) ? draw.pick(edges) : draw.below(4 * portion);
  const uneven = (kind === 'reduceScatter' || kind === 'allGather') && draw.chance(0.4);
  return {
    kind,
    length,
    op: draw.pick(REDUCE_OPS),
    algorithm: draw.pick(['auto', 'ring', 'one-shot', 'two-shot'] as const),
    counts: uneven ? drawCounts(draw, length, n) : null,
    root: draw.below(n),
    numbers: draw.chance(0.25) ? 'special' : 'integers',
    inArena: draw.chance(0.5),
  };
}

/** Parts of `length`, some of them empty. */
export function drawCounts(draw: Draw, length: number, worldSize: number): number[] {
  const cuts = Array.from({ length: worldSize - 1 }, () => draw.below(length + 1)).sort((a, b) => a - b);
  return [...cuts, length].map((cut, i) => cut - (cuts[i - 1] ?? 0));
}

export function countsOf({ counts, length }: Step, worldSize: number): readonly number[] {
  return counts ?? shardRanges(length, worldSize).map(lengthOf);
}

/** What two ranks must agree on: steps with the same text are one and the same call to the communicator. */
export function callText(step: Step, worldSize: number): string {
  const { kind, length, op, root, algorithm } = step;
  const chosen = algorithm === 'auto' ? chooseAlgorithm(4 * length, worldSize) : algorithm;
  switch (kind) {
    case 'allReduce':
      return `all_reduce ${length} ${op} ${chosen}`;
    case 'reduceScatter':
      return `reduce_scatter ${length} ${op} ${countsOf(step, worldSize).join()}`;
    case 'allGather':
      return `all_gather ${length} ${countsOf(step, worldSize).join()}`;
    case 'broadcast':
      return `broadcast ${length} ${root}`;
    case 'allToAll':
      return `all_to_all ${length}`;
    case 'barrier':
      return 'barrier';
    case 'relay':
    case 'shift':
      return `${kind} ${length}`;
    default:
      return kind satisfies never;
  }
}
