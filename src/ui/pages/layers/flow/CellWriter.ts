/** Draws steps into the layout from top to bottom: weights and pill, below them the tensor that comes of it. */

import {
  elementsOf,
  type LayerPlan,
  type PlannedStep,
  type PlannedTensor,
  stepsOf,
  tensorOf,
} from '#program/plan.ts';
import { tensorPieces } from './flowWords.ts';
import { bandOf, opBoxes } from './heads.ts';
import type { Lanes } from './lanes.ts';
import {
  type Box,
  type FlowNode,
  type FlowRow,
  GAP,
  type IdleNote,
  LOWEST,
  type LoopFrame,
  PILL_PAD,
  type Place,
  ROW_GAP,
  type StageLabel,
  TALLEST,
  TENSOR_PAD,
} from './layoutTypes.ts';
import { isLastToChange, isWhole, madeBy, runsOn } from './made.ts';
import { countBeside } from './sideBySide.ts';
import { DOT, LINE, SPACE, wrap } from './text.ts';

export class CellWriter {
  y = 0;
  readonly rows: FlowRow[] = [];
  readonly stages: StageLabel[] = [];
  readonly frames: LoopFrame[] = [];
  readonly #plan: LayerPlan;
  readonly #steps: readonly PlannedStep[];
  readonly #lanes: Lanes;
  /** Elements of the largest tensor that is drawn. */
  readonly #most: number;
  /** Ranks of which this stage has said that they do nothing. */
  #saidIdle = new Set<number>();

  constructor(plan: LayerPlan, lanes: Lanes) {
    this.#plan = plan;
    this.#steps = stepsOf(plan);
    this.#lanes = lanes;
    const drawn = [...plan.inputs, ...this.#steps.map(madeBy)].map((id) => tensorOf(plan, id));
    this.#most = Math.max(1, ...drawn.flatMap(({ shapes }) => shapes.map(elementsOf)));
  }

  beginStage(): void {
    this.#saidIdle = new Set();
  }

  input(id: string): void {
    const nodes = this.#tensor(id, { at: 0, count: 1, inset: 0 });
    this.rows.push({ step: -1, nodes, idle: [] });
    this.y += tallest(nodes) + GAP;
  }

  /** Draws the step at `first`, and those before `end` that stand beside it. @returns how many */
  cells(first: number, end: number, inset = 0): number {
    const count = countBeside(this.#plan, this.#lanes, { first, end, inset });
    const heads = this.#steps
      .slice(first, first + count)
      .map((step, at) => ({ step, place: { at, count, inset }, ...this.#head(step, { at, count, inset }) }));
    const bottom = Math.max(this.y, ...heads.flatMap(({ nodes, idle }) => [...nodes, ...idle]).map(bottomOf));
    this.y = bottom + GAP;
    let height = 0;
    for (const { step, place, nodes, idle } of heads) {
      const index = first + place.at;
      const made = isLastToChange(this.#plan, index) ? this.#tensor(madeBy(step), place) : [];
      const aligned = nodes.map((node) => ({ ...node, y: node.y + bottom - lowest(nodes, node.rank) }));
      this.rows.push({ step: index, nodes: [...aligned, ...made], idle });
      height = Math.max(height, tallest(made));
    }
    this.y += height + (height === 0 ? 0 : GAP) + ROW_GAP - GAP;
    return count;
  }

  #head(step: PlannedStep, place: Place): { nodes: FlowNode[]; idle: IdleNote[] } {
    const { y } = this;
    if (step.kind === 'collective')
      return { nodes: [bandOf(step, { ...this.#lanes.across(), y })], idle: [] };
    const nodes: FlowNode[] = [];
    const idle: IdleNote[] = [];
    for (const lane of this.#lanes.lanes) {
      const { rank } = lane;
      if (runsOn(step, rank)) {
        nodes.push(...opBoxes(this.#plan, step, rank, { ...this.#lanes.cell(lane, place), y }));
      } else if (step.loop === null && !this.#saidIdle.has(rank)) {
        // Once a stage is enough; a loop says it in its frame.
        this.#saidIdle.add(rank);
        const text = tensorOf(this.#plan, madeBy(step)).notes[rank] || 'nothing to do';
        const whole = this.#lanes.cell(lane, { ...place, at: 0, count: 1 });
        idle.push({ rank, text, ...whole, y, height: LINE + PILL_PAD.y });
      }
    }
    return { nodes, idle };
  }

  /** The boxes of a tensor: one a rank that has any of it, or one across all. */
  #tensor(id: string, place: Place): FlowNode[] {
    const tensor = tensorOf(this.#plan, id);
    const inLoop = place.inset > 0;
    if (isWhole(tensor)) return [this.#box(tensor, null, this.#lanes.across(), inLoop)];
    return this.#lanes.lanes
      .filter(({ rank }) => elementsOf(tensor.shapes[rank] ?? []) > 0)
      .map((lane) => this.#box(tensor, lane.rank, this.#lanes.cell(lane, place), inLoop));
  }

  #box(
    tensor: PlannedTensor,
    rank: number | null,
    across: { readonly x: number; readonly width: number },
    inLoop: boolean,
  ): FlowNode {
    const words = tensorPieces(tensor, rank, inLoop);
    const lines = wrap(words, across.width - TENSOR_PAD.x, rank === null ? DOT : SPACE);
    const share = elementsOf(tensor.shapes[rank ?? 0] ?? []) / this.#most;
    const height = Math.max(LOWEST, lines.length * LINE + TENSOR_PAD.y, TALLEST * share);
    const key = `t ${tensor.id} ${rank ?? 'all'}`;
    return { key, kind: 'tensor', rank, tensor: tensor.id, lines, ...across, y: this.y, height };
  }
}

function bottomOf({ y, height }: Box): number {
  return y + height;
}

function tallest(nodes: readonly FlowNode[]): number {
  return Math.max(0, ...nodes.map(({ height }) => height));
}

/** Where what a rank has ends: pills stand on one line, whatever is above them. */
function lowest(nodes: readonly FlowNode[], rank: number | null): number {
  return Math.max(...nodes.filter((node) => node.rank === rank).map(bottomOf));
}
