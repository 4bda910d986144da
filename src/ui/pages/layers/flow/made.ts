/** What each step leaves behind, where that is drawn, and which tensors it reads: read off the plan, never guessed. */

import {
  type LayerPlan,
  type PlannedStep,
  type PlannedStorage,
  type PlannedTensor,
  stepsOf,
} from '#program/plan.ts';
import type { FlowNode, FlowRow } from './layoutTypes.ts';

/** The tensor that a step makes, or changes; every step has one to look at. */
export function madeBy(step: PlannedStep): string {
  if (step.kind === 'collective' || step.output !== null) return step.output ?? '';
  // writeRows changes its second input, the cache; addRows its first.
  const changed = step.op === 'writeRows' ? step.inputs[1] : step.inputs[0];
  return changed ?? '';
}

/** Whether the step's tensor is drawn with it: one that is still being added to is drawn with its last change. */
export function isLastToChange(plan: LayerPlan, index: number): boolean {
  const steps = stepsOf(plan);
  const step = steps[index];
  if (step === undefined) return false;
  const made = madeBy(step);
  return !steps.slice(index + 1).some((later) => madeBy(later) === made);
}

/** The tensors that a step reads: activations, weights, caches. */
export function readsOf(step: PlannedStep): readonly string[] {
  if (step.kind === 'collective') return [step.input];
  return [...new Set(step.inputs)];
}

/** The step that makes a tensor, and those that read it. */
export function makerOf(plan: LayerPlan, id: string): PlannedStep | undefined {
  return stepsOf(plan).findLast((step) => madeBy(step) === id);
}

export function readersOf(plan: LayerPlan, id: string): PlannedStep[] {
  return stepsOf(plan).filter((step) => readsOf(step).includes(id) && madeBy(step) !== id);
}

/** Weights and tables that an operation reads; a cache is drawn where it is written. */
export function weightsOf(plan: LayerPlan, step: PlannedStep): PlannedStorage[] {
  const reads = readsOf(step);
  return plan.storage.filter(({ id, storage }) => storage !== 'cache' && reads.includes(id));
}

/** Whether `rank` does anything in this step. */
export function runsOn(step: PlannedStep, rank: number): boolean {
  return step.kind === 'collective' || (step.runs[rank]?.length ?? 0) > 0;
}

/** Whether all ranks have the whole of it: drawn once, across them. */
export function isWhole(tensor: PlannedTensor): boolean {
  return tensor.placement.kind === 'replicated';
}

/** What lights up with a box: the tensors that its step reads, as the plan declares them, on the same rank. */
export function litBy(plan: LayerPlan, rows: readonly FlowRow[], key: string): FlowNode[] {
  const row = rows.find(({ nodes }) => nodes.some((node) => node.key === key));
  const node = row?.nodes.find((one) => one.key === key);
  const step = row === undefined ? undefined : stepsOf(plan)[row.step];
  if (row === undefined || node === undefined || step === undefined || node.kind === 'weight') return [];
  const reads = readsOf(step);
  const isNear = ({ rank }: FlowNode): boolean => rank === null || node.rank === null || rank === node.rank;
  return rows.flatMap((other) =>
    other.nodes.filter(
      (one) =>
        isNear(one) &&
        reads.includes(one.tensor) &&
        one.key !== key &&
        // A weight that several operations read is drawn at each: its own is meant.
        (one.kind === 'tensor' || (one.kind === 'weight' && other === row)),
    ),
  );
}
