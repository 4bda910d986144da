/**
 * What a layer will do, before it does it: which tensors each rank holds, which operations it runs on them and which
 * collectives follow. A plan knows no values. The page draws it, the ranks' log is compared with it, and nothing in it
 * is measured.
 */

import type { Carrier } from '../collectives/algorithm.ts';
import type { CollectiveKind, LayerCollective } from '../collectives/kinds.ts';
import { ringSends } from '../collectives/work.ts';
import { bytesOf } from '../numerics/dtype.ts';
import type { Placement } from './program.ts';

export interface PlannedTensor {
  readonly id: string;
  /** As in the formula: "q", "h". */
  readonly label: string;
  readonly placement: Placement;
  /** `shapes[rank]`; may hold zeros. */
  readonly shapes: readonly (readonly number[])[];
  /** What each rank's shard is, in the layer's own terms: "heads 8–15". Empty where there is nothing to say. */
  readonly notes: readonly string[];
  /** `bytes[rank]` of what is stored, on the rank's device; all else is float32. */
  readonly bytes?: readonly number[];
}

export type Storage =
  /** Uploaded when the layer is loaded: weights, biases. */
  | 'weight'
  /** Likewise, but computed and not learned: the angles of RoPE. */
  | 'table'
  /** Grows with the tokens seen. */
  | 'cache';

/** Its id is its name in a Hugging Face checkpoint, with `*` for each expert. */
export interface PlannedStorage extends PlannedTensor {
  readonly storage: Storage;
  readonly bytes: readonly number[];
}

/** One operation, on every rank. */
export interface PlannedOp {
  readonly kind: 'op';
  readonly id: string;
  /** The operation of the device (device/device.ts), or what the host does: `upload`, `zeros`. */
  readonly op: string;
  /** For people: "Wq", "softmax(q·kᵀ)·v". */
  readonly label: string;
  readonly inputs: readonly string[];
  /** Null where the operation works in place. */
  readonly output: string | null;
  /** `runs[rank]`: the FLOPs of each run; empty where the rank's output is. Mostly one run, in a loop one a round. */
  readonly runs: readonly (readonly number[])[];
  /** Ops that stand together under one name are run round by round: all of them once, then all of them again. */
  readonly loop: string | null;
}

export interface PlannedCollective {
  readonly kind: 'collective';
  readonly id: string;
  readonly collective: LayerCollective;
  /** `max` in the cross entropy; null in an all_gather. */
  readonly op: 'sum' | 'max' | null;
  readonly input: string;
  /** An all_reduce works in place, and yet has a tensor of its own here: its values are others. */
  readonly output: string;
  /** float32 elements in the whole buffer. */
  readonly length: number;
  /** The buffer's chunks, one a rank. */
  readonly counts: readonly number[];
  /** The ring where left out. */
  readonly carrier?: Carrier;
}

export type PlannedStep = PlannedOp | PlannedCollective;

/** Steps that are read as one: a row of the picture. */
export interface PlannedStage {
  /** "column split" */
  readonly title: string;
  /** "no communication" */
  readonly note: string;
  readonly steps: readonly PlannedStep[];
}

export interface LayerPlan {
  readonly worldSize: number;
  /** What the layer is given. */
  readonly inputs: readonly string[];
  readonly output: string;
  readonly tensors: ReadonlyMap<string, PlannedTensor>;
  readonly storage: readonly PlannedStorage[];
  readonly stages: readonly PlannedStage[];
}

/** What one rank does in one pass. */
export interface Cost {
  readonly flops: number;
  /** Weights and tables. */
  readonly weightBytes: number;
  /** The KV cache, as long as it is. */
  readonly kvBytes: number;
  /** Every tensor that the pass makes, as training would keep them: not the peak. */
  readonly activationBytes: number;
  readonly collectives: readonly CollectiveCost[];
}

export interface CollectiveCost {
  readonly kind: CollectiveKind;
  /** Of the whole buffer. */
  readonly bytes: number;
  /** What this rank sends in a ring. */
  readonly wireBytes: number;
}

export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function stepsOf(plan: LayerPlan): PlannedStep[] {
  return plan.stages.flatMap((stage) => stage.steps);
}

/** @throws Error where the plan has no such tensor: a plan names only what it has */
export function tensorOf(plan: LayerPlan, id: string): PlannedTensor {
  const tensor = plan.tensors.get(id);
  if (tensor === undefined) throw new Error(`the plan has no tensor '${id}'`);
  return tensor;
}

/** Of a rank's part of a tensor. */
export function bytesOn({ shapes, bytes }: PlannedTensor, rank: number): number {
  return bytes?.[rank] ?? bytesOf(elementsOf(shapes[rank] ?? []), 'f32');
}

/** What `rank` does, predicted. */
export function costOf(plan: LayerPlan, rank: number): Cost {
  const stored = (of: (storage: Storage) => boolean): number =>
    plan.storage.filter(({ storage }) => of(storage)).reduce((sum, stored) => sum + bytesOn(stored, rank), 0);
  const steps = stepsOf(plan);
  const ops = steps.filter((step) => step.kind === 'op');
  const collectives = steps.filter((step) => step.kind === 'collective');
  const made = [
    ...ops.map((step) => step.output),
    ...collectives.map((step) => (step.collective === 'all_reduce' ? null : step.output)),
  ];
  return {
    flops: ops.flatMap((step) => step.runs[rank] ?? []).reduce((sum, flops) => sum + flops, 0),
    weightBytes: stored((storage) => storage !== 'cache'),
    kvBytes: stored((storage) => storage === 'cache'),
    activationBytes: made.reduce((sum, id) => sum + (id === null ? 0 : bytesOn(tensorOf(plan, id), rank)), 0),
    collectives: collectives.map((step) => ({
      kind: step.collective,
      bytes: bytesOf(step.length, 'f32'),
      wireBytes: bytesOf(ringSends(step, rank), 'f32'),
    })),
  };
}

/** One thing that a rank does: run `run` of an op, or a collective. */
export interface Occurrence {
  readonly step: PlannedStep;
  readonly run: number;
}

/** What `rank` does, in order: loops unrolled, operations that do not run there left out. */
export function sequenceOf(plan: LayerPlan, rank: number): Occurrence[] {
  const sequence: Occurrence[] = [];
  const steps = stepsOf(plan);
  let at = 0;
  while (at < steps.length) {
    const step = steps[at] as PlannedStep;
    const body = step.kind === 'op' && step.loop !== null ? bodyOf(steps, at, step.loop) : [step];
    const rounds = Math.max(...body.map((one) => (one.kind === 'op' ? (one.runs[rank]?.length ?? 0) : 1)));
    for (let run = 0; run < rounds; run++) {
      for (const one of body) {
        if (one.kind === 'collective' || run < (one.runs[rank]?.length ?? 0))
          sequence.push({ step: one, run });
      }
    }
    at += body.length;
  }
  return sequence;
}

function bodyOf(steps: readonly PlannedStep[], from: number, loop: string): PlannedStep[] {
  let to = from;
  for (let step = steps[to]; step?.kind === 'op' && step.loop === loop; step = steps[++to]);
  return steps.slice(from, to);
}
