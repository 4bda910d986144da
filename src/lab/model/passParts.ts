/** The parts of a whole model's pass: the embedding, each layer, and the head, each as a plan that can be drawn. */

import { type LayerPlan, type PlannedStage, type PlannedStep, stepsOf } from '../../program/plan.ts';

export interface PassPart {
  /** "Embedding", "Layer 3", "Head" */
  readonly label: string;
  readonly plan: LayerPlan;
  /** Of its attention, counted from the first layer; null where it has none. */
  readonly attention: number | null;
  /** Of its mixture of experts, likewise. */
  readonly mixture: number | null;
}

/** In order; together they have every step of the plan once. */
export function partsOf(plan: LayerPlan): PassPart[] {
  const stages = new Map<string, PlannedStage[]>();
  for (const stage of plan.stages) {
    const [first] = stage.steps;
    if (first === undefined) continue;
    const label = labelOf(first.id);
    stages.set(label, [...(stages.get(label) ?? []), stage]);
  }
  let [attentions, mixtures] = [0, 0];
  return [...stages].map(([label, own]) => {
    const ops = own.flatMap(({ steps }) => steps.filter((step) => step.kind === 'op'));
    const attention = ops.some(({ op }) => op === 'attention') ? attentions++ : null;
    const mixture = ops.some(({ loop }) => loop !== null) ? mixtures++ : null;
    return { label, plan: planOfStages(plan, own), attention, mixture };
  });
}

/** The layers count from 0, as in the names of a checkpoint. */
function labelOf(id: string): string {
  const [, layer] = /^model\.layers\.(\d+)\./.exec(id) ?? [];
  if (layer !== undefined) return `Layer ${layer}`;
  return id.startsWith('model.embed_tokens.') ? 'Embedding' : 'Head';
}

/** What they read and do not make is given to them. */
function planOfStages(
  { worldSize, tensors, storage }: LayerPlan,
  stages: readonly PlannedStage[],
): LayerPlan {
  const steps = stages.flatMap((stage) => stage.steps);
  const made = new Set(steps.map(({ output }) => output));
  const read = new Set(steps.flatMap(readBy));
  const stored = new Set(storage.map(({ id }) => id));
  const inputs = [...read].filter((id) => !made.has(id) && !stored.has(id));
  const all = new Set([...read, ...made]);
  return {
    worldSize,
    inputs,
    output: steps.findLast(({ output }) => output !== null)?.output ?? '',
    tensors: new Map([...tensors].filter(([id]) => all.has(id))),
    storage: storage.filter(({ id }) => read.has(id)),
    stages,
  };
}

function readBy(step: PlannedStep): readonly string[] {
  return step.kind === 'op' ? step.inputs : [step.input];
}

/** The part in which a step of the whole plan is, and where. */
export function placeOfStep(
  parts: readonly PassPart[],
  step: PlannedStep,
): { part: number; at: number } | null {
  for (const [part, { plan }] of parts.entries()) {
    const at = stepsOf(plan).indexOf(step);
    if (at >= 0) return { part, at };
  }
  return null;
}
