/** What a program will do in one pass: the picture, and the numbers that are read off it. Nothing in it is measured. */

import { type Carrier, carrierOf } from '../collectives/algorithm.ts';
import { bytesOf } from '../numerics/dtype.ts';
import { lengthOf, sum } from '../numerics/ranges.ts';
import type { Pass } from './configs.ts';
import { isWork, resultOf, type ShapeOf } from './infer.ts';
import { type LayerSpec, layerProgram, moeOf } from './layers.ts';
import { heldBytes, type WeightTypes } from './packing.ts';
import {
  elementsOf,
  type LayerPlan,
  type PlannedOp,
  type PlannedStage,
  type PlannedStep,
  type PlannedTensor,
} from './plan.ts';
import {
  type ExpertsStep,
  type OpStep,
  operandsOf,
  type Program,
  type Step,
  stepsOf,
  type Value,
} from './program.ts';
import { evenRouting, type Routing } from './routing.ts';

/** A pass, as far as the program leaves it open. */
export interface PassAt {
  /** Of the first token: how many came before. */
  readonly position: number;
  /** How many tokens chose each expert: of each mixture of experts, in order. Needed where there are any. */
  readonly routings?: readonly Routing[];
  /** How each rank's device holds weights; in float32 where left out. */
  readonly weightTypes?: (rank: number) => WeightTypes | undefined;
  /** Of every all_reduce, or of all collectives where the ranks are on one device; the ring where left out. */
  readonly carrier?: Carrier | 'auto';
}

/**
 * What a pass of a layer will do.
 * @param routing tokens that chose each expert; an even spread where left out
 */
export function planLayer(
  spec: LayerSpec,
  worldSize: number,
  { tokens, past }: Pass,
  routing?: Routing,
): LayerPlan {
  const moe = moeOf(spec);
  const program = layerProgram(spec, worldSize, { tokens, positions: past + tokens });
  return planOf(program, {
    position: past,
    ...(moe !== null && { routings: [routing ?? evenRouting(moe, tokens)] }),
  });
}

/** What one pass of a program will do on every rank; `costOf` sums up what it costs one of them. */
export function planOf(program: Program, pass: PassAt): LayerPlan {
  const { position, weightTypes } = pass;
  const planner = new Planner(program, pass);
  const storage = program.storage.map((stored) => {
    const { kind, value } = stored;
    const perExpert = stored as { perExpert?: boolean };
    const shapes = value.shapes.map((shape, rank) => {
      // A cache has room for more than is in it.
      if (kind === 'cache') return [position + program.tokens, ...shape.slice(1)];
      return perExpert.perExpert
        ? [lengthOf(value.cut?.units[rank] ?? { start: 0, end: 0 }), ...shape]
        : shape;
    });
    const bytes = shapes.map((shape, rank) =>
      kind === 'cache'
        ? bytesOf(elementsOf(shape), 'f32')
        : sum(heldBytes(program, stored, rank, weightTypes?.(rank))),
    );
    return { ...planned(value), shapes, storage: kind, bytes };
  });
  const tensors = new Map<string, PlannedTensor>();
  for (const value of [...program.inputs, ...stepsOf(program).flatMap(made)])
    tensors.set(value.id, planned(value));
  for (const { storage: _, ...tensor } of storage) tensors.set(tensor.id, tensor);
  for (const tensor of planner.loopTensors()) tensors.set(tensor.id, tensor);
  return {
    worldSize: program.worldSize,
    inputs: program.inputs.map(({ id }) => id),
    output: program.output.id,
    tensors,
    storage,
    stages: program.stages.map(
      ({ title, note, steps }): PlannedStage => ({
        title,
        note,
        steps: steps.flatMap((step) => planner.planned(step)),
      }),
    ),
  };
}

class Planner {
  readonly #program: Program;
  readonly #position: number;
  readonly #routings: ReadonlyMap<ExpertsStep, Routing>;
  readonly #ranks: readonly number[];
  readonly #carrier: Carrier | 'auto';

  constructor(program: Program, { position, routings = [], carrier = 'ring' }: PassAt) {
    this.#program = program;
    this.#position = position;
    this.#carrier = carrier;
    const mixtures = stepsOf(program).filter((step) => step.kind === 'experts');
    this.#routings = new Map(mixtures.map((step, at) => [step, routings[at] ?? []]));
    this.#ranks = Array.from({ length: program.worldSize }, (_, rank) => rank);
  }

  planned(step: Step): PlannedStep[] {
    switch (step.kind) {
      case 'op':
        return [this.#op(step, (rank) => (isWork(step, shapesOn(rank), this.#at(rank)) ? [1] : []), null)];
      case 'zeros':
      case 'host': {
        const { id, label, output, kind } = step;
        const op = kind === 'zeros' ? 'zeros' : 'upload';
        const inputs = operandsOf(step).map((value) => value.id);
        const runs = this.#ranks.map((rank) => (isEmpty(output, rank) ? [] : [0]));
        return [{ kind: 'op', id, op, label, inputs, output: output.id, runs, loop: null }];
      }
      case 'collective': {
        const { kind, id, collective, op, input, output, length, counts } = step;
        const bytes = bytesOf(length, 'f32');
        const carrier = carrierOf(collective, bytes, this.#ranks.length, this.#carrier);
        const between = { input: input.id, output: output.id, length, counts };
        return [{ kind, id, collective, op, ...between, ...(carrier !== 'ring' && { carrier }) }];
      }
      case 'experts':
        return this.#rounds(step);
      default:
        return step satisfies never;
    }
  }

  /** The tensors of loops: those of all rounds, one below the other. */
  loopTensors(): PlannedTensor[] {
    return stepsOf(this.#program).flatMap((step) => {
      if (step.kind !== 'experts') return [];
      const notes = this.#ranks.map(
        (rank) => `${this.#counts(step, rank).length} of ${lengthOf(step.experts[rank] ?? NOTHING)} experts`,
      );
      return made(step).map((value) => ({
        ...planned(value),
        notes,
        shapes: value.shapes.map(([, ...rest], rank) => [sum(this.#counts(step, rank)), ...rest]),
      }));
    });
  }

  /** Those of one expert after another, each round an upload of its tokens, the body, and an upload of their weights. */
  #rounds(step: ExpertsStep): PlannedStep[] {
    const counts = (rank: number): readonly number[] => this.#counts(step, rank);
    const upload = (value: Value): PlannedOp => ({
      kind: 'op',
      id: value.id,
      op: 'upload',
      label: value.label,
      inputs: [],
      output: value.id,
      runs: this.#ranks.map((rank) => counts(rank).map(() => 0)),
      loop: step.id,
    });
    const body = step.body.map((op) => this.#op(op, counts, step));
    return [upload(step.tokens), ...body.slice(0, -1), upload(step.shares), ...body.slice(-1)];
  }

  /** @param tokens of each run on a rank */
  #op(step: OpStep, tokens: (rank: number) => readonly number[], loop: ExpertsStep | null): PlannedOp {
    const { kind, id, op, label, output } = step;
    const inLoop = new Set(loop === null ? [] : made(loop));
    const runs = this.#ranks.map((rank) =>
      tokens(rank).map((count) => {
        const shapeOf: ShapeOf = (value) => {
          const shape = value.shapes[rank] ?? [];
          return inLoop.has(value) ? [count, ...shape.slice(1)] : shape;
        };
        return resultOf(step, shapeOf, this.#at(rank)).flops;
      }),
    );
    const inputs = [...new Set(operandsOf(step).map((value) => value.id))];
    // What is read stands before what is changed.
    const ordered = op === 'writeRows' ? inputs.toReversed() : inputs;
    return { kind, id, op, label, inputs: ordered, output: output?.id ?? null, runs, loop: loop?.id ?? null };
  }

  /** The tokens of each round: experts that nobody chose have none. */
  #counts(step: ExpertsStep, rank: number): number[] {
    const { start, end } = step.experts[rank] ?? NOTHING;
    const routing = this.#routings.get(step) ?? [];
    return routing.slice(start, end).filter((count) => count > 0);
  }

  #at(rank: number) {
    return { rank, position: this.#position };
  }
}

const NOTHING = { start: 0, end: 0 };

/** What a step makes. */
function made(step: Step): Value[] {
  if (step.kind !== 'experts') return step.output === null ? [] : [step.output];
  return [step.tokens, step.shares, ...step.body.flatMap(made)];
}

function planned({ id, label, placement, shapes, notes }: Value): PlannedTensor {
  return { id, label, placement, shapes, notes };
}

function shapesOn(rank: number): ShapeOf {
  return (value) => value.shapes[rank] ?? [];
}

function isEmpty(value: Value, rank: number): boolean {
  return (value.shapes[rank] ?? []).includes(0);
}
