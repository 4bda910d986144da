/** The step that the scrubber stands on, in a sentence: what each rank does, and what it has then. */

import type { LayerRun } from '#lab/layers/run.ts';
import {
  type LayerPlan,
  type PlannedCollective,
  type PlannedOp,
  type PlannedTensor,
  stepsOf,
  tensorOf,
} from '#program/plan.ts';
import { numberWord } from '#ui/components/words.ts';
import { formatBytes } from '#ui/format.ts';
import { wireOf } from './lead/sums.ts';

export function momentSentence({ plan, measured }: Pick<LayerRun, 'plan' | 'measured'>, at: number): string {
  const step = stepsOf(plan)[at];
  switch (step?.kind) {
    case 'op':
      return opSentence(plan, step);
    case 'collective':
      return collectiveSentence(plan, step);
    case undefined:
      return doneSentence(plan, Math.max(0, ...measured.map(wireOf)));
    default:
      return step satisfies never;
  }
}

/** What an operation does, behind "each rank". `x`, `y` are its first two operands, `out` what it makes. */
interface Operands {
  readonly x: string;
  readonly y: string;
  readonly out: string;
  /** Whether it is done once for each of a rank's experts. */
  readonly looped: boolean;
  /** Whether `x` is a weight or a table. */
  readonly stored: boolean;
}

const VERBS: Readonly<Record<string, (operands: Operands) => string>> = {
  linearPerHead: ({ x, y }) => `multiplies ${x} by ${y}, head by head`,
  add: ({ x, y }) => `adds ${y} to ${x}`,
  columns: ({ x, out }) => `takes ${out} out of ${x}`,
  concatPerHead: ({ x, y }) => `puts ${x} and ${y} side by side in each head`,
  rows({ x, out, looped, stored }) {
    if (looped) return `takes the tokens that chose its expert out of ${x}`;
    return stored ? `looks its ids up in ${x}` : `takes ${out} out of ${x}`;
  },
  writeRows: ({ x, y }) => `writes ${x} into its ${y}`,
  addRows: () => 'weights what its expert made, and adds it to its sum',
  rmsNorm: ({ x }) => `brings each token of ${x} to length one, and scales it`,
  layerNorm: ({ x }) => `centres each token of ${x}, brings it to length one, and scales it`,
  siluMul: ({ x, y }) => `multiplies silu(${x}) by ${y}, element by element`,
  gelu: ({ x }) => `takes the gelu of ${x}, element by element`,
  softmax: ({ x }) => `takes the softmax of ${x}`,
  rope: ({ x }) => `turns ${x} by the position of each token`,
  attention: () => 'lets the queries of its heads look back at the keys and values in its cache',
  gate: () => 'chooses the experts of each token',
  rowMax: () => 'finds the largest of its logits for each token',
  sumExp: () => 'adds up e^(z − max) over its logits',
  topK: () => 'finds the largest of its logits, and where they stand',
  pick: () => 'takes the logit of the target, where it has it',
  zeros: ({ out }) => `begins ${out} with zeros`,
};

/** "Each rank multiplies x by its part of Wq: rank 0 has q of heads 0–3." */
function opSentence(plan: LayerPlan, step: PlannedOp): string {
  const made = step.output === null ? null : tensorOf(plan, step.output);
  const operands = step.inputs.map((id) => tensorOf(plan, id));
  const who =
    plan.worldSize === 1 ? 'Rank 0' : made?.placement.kind === 'replicated' ? 'Every rank' : 'Each rank';
  const what = step.op === 'linear' ? productWords(plan, operands) : verbOf(plan, step, operands, made);
  const looped = step.loop === null ? '' : ', expert by expert';
  return `${who} ${what}${looped}${made === null || looped ? '' : resultWords(plan, made)}.`;
}

function verbOf(
  plan: LayerPlan,
  step: PlannedOp,
  operands: readonly PlannedTensor[],
  made: PlannedTensor | null,
): string {
  const [x = '', y = ''] = operands.map(({ label }) => label);
  const verb = VERBS[step.op];
  const stored = plan.storage.some(({ id }) => id === step.inputs[0]);
  if (verb !== undefined) return verb({ x, y, out: made?.label ?? '', looped: step.loop !== null, stored });
  return step.loop === null ? `works out ${step.label}` : `takes the ${step.label} of those that chose it`;
}

function productWords({ worldSize }: LayerPlan, [x, w]: readonly PlannedTensor[]): string {
  const isCut = worldSize > 1 && w?.placement.kind === 'sharded';
  const ofIts = isCut && x?.placement.kind === 'sharded' ? 'its ' : '';
  return `multiplies ${ofIts}${x?.label} by ${isCut ? 'its part' : 'all'} of ${w?.label}`;
}

function resultWords({ worldSize }: LayerPlan, { label, placement, notes }: PlannedTensor): string {
  if (worldSize === 1) return '';
  switch (placement.kind) {
    case 'replicated':
      return `, and all get the same ${label}`;
    case 'sharded': {
      const first = notes.findIndex((note) => note !== '');
      return first < 0 ? '' : `: rank ${first} has ${label} of ${notes[first]}`;
    }
    case 'partial':
      return `: one of ${numberWord(worldSize)} terms, which are still to be put together`;
    case 'own':
      return '';
    default:
      return placement satisfies never;
  }
}

function collectiveSentence(plan: LayerPlan, step: PlannedCollective): string {
  const { worldSize } = plan;
  const input = tensorOf(plan, step.input);
  const out = tensorOf(plan, step.output);
  if (worldSize === 1) return `There is one rank: its ${input.label} is all of ${out.label} already.`;
  const all = numberWord(worldSize);
  switch (step.collective) {
    case 'all_reduce':
      return step.op === 'max'
        ? `The all-reduce keeps the largest of ${all}: every rank has the same ${out.label}.`
        : `The all-reduce adds the ${all} partials: every rank has all of ${out.label}, the same bits.`;
    case 'reduce_scatter':
      return `The reduce-scatter adds the ${all} partials${resultWords(plan, out)}.`;
    case 'all_gather':
      return `The all-gather puts the parts of ${all} ranks side by side: every rank has all of ${out.label}.`;
    default:
      return step.collective satisfies never;
  }
}

/** @param sent bytes of the rank that sent most, as measured */
function doneSentence(plan: LayerPlan, sent: number): string {
  const out = tensorOf(plan, plan.output);
  if (plan.worldSize === 1) return `Rank 0 has ${out.label}.`;
  const has =
    out.placement.kind === 'replicated'
      ? `Every rank has all of ${out.label}`
      : `Each rank has its ${out.label}`;
  return `${has}. None has sent more than ${formatBytes(sent)}.`;
}
