/** The tensors of a run by their ids in the plan, to be opened when somebody looks. */

import { invariant } from '../../../base/errors.ts';
import type { Device, Tensor } from '../../../device/device.ts';
import { preview } from '../../../numerics/preview.ts';
import type { ProgramLayer } from '../../../parallel/ProgramLayer.ts';
import type { Inputs } from '../../../parallel/RankPass.ts';
import { elementsOf, type LayerPlan, type PlannedTensor, stepsOf } from '../../../program/plan.ts';
import type { OpenedTensor } from '../../../protocol.ts';
import type { SeenStep } from './StepByStep.ts';

/** On the device, on the host, or in several tensors, one a round of a loop. */
type Source = Tensor | Float32Array;

export class Kept {
  readonly #weights = new Map<string, Float32Array[]>();
  readonly #sources = new Map<string, Source[]>();
  #tensors: ReadonlyMap<string, PlannedTensor> = new Map();
  #rank = 0;

  /** @param name in the checkpoint; those of single experts are kept together */
  keepWeight(name: string, block: Float32Array): void {
    const id = name.replace(/experts\.\d+\./, 'experts.*.');
    this.#weights.set(id, [...(this.#weights.get(id) ?? []), block]);
  }

  /** Files what was done in a pass under the ids of the plan. */
  keepPass(
    plan: LayerPlan,
    rank: number,
    layer: ProgramLayer,
    inputs: Inputs,
    seen: readonly SeenStep[],
  ): void {
    this.#tensors = plan.tensors;
    this.#rank = rank;
    for (const [id, input] of Object.entries(inputs)) {
      this.#sources.set(id, ['shape' in input ? input : Float32Array.from(input)]);
    }
    for (const [id, blocks] of this.#weights) this.#sources.set(id, blocks);
    const inLoop = new Set(
      stepsOf(plan).flatMap((step) => (step.kind === 'op' && step.loop !== null ? [step.id] : [])),
    );
    for (const { id, result, before } of seen) {
      const rounds = inLoop.has(id) ? (this.#sources.get(id) ?? []) : [];
      this.#sources.set(id, [...rounds, result]);
      const step = stepsOf(plan).find((one) => one.id === id);
      // What the sum was made of is overwritten by it, so that it is kept on the host.
      if (step?.kind === 'collective' && before !== null) this.#sources.set(step.input, [before]);
    }
    // What lies on the device otherwise than in the checkpoint, or is not in it at all.
    for (const { value } of layer.program(1).storage) {
      const held = [...layer.storage.held(value)];
      if (held.length === 1) this.#sources.set(value.id, held);
    }
  }

  /** What there is of a tensor that is in one piece; null where there is nothing, or several. */
  tensor(id: string): Tensor | Float32Array | null {
    const [only, ...others] = this.#sources.get(id) ?? [];
    return only === undefined || others.length > 0 ? null : only;
  }

  /** The values of a tensor; null where this rank has none of it, or had no use for it. */
  async open(id: string, device: Device): Promise<OpenedTensor | null> {
    const sources = this.#sources.get(id);
    const shape = this.#tensors.get(id)?.shapes[this.#rank];
    if (sources === undefined || shape === undefined || elementsOf(shape) === 0) return null;
    const data = new Float32Array(elementsOf(shape));
    let at = 0;
    for (const source of sources) {
      const part = source instanceof Float32Array ? source : await device.read(source);
      data.set(part, at);
      at += part.length;
    }
    invariant(at === data.length, () => `${id} has ${at} elements, and not ${data.length}`);
    const cols = shape.length === 1 ? data.length : (shape.at(-1) ?? 1);
    const rows = data.length / cols;
    return { shape, preview: preview({ rows, cols, data }, { rows, cols }), ...statisticsOf(data) };
  }
}

/** Over the finite values. */
function statisticsOf(data: Float32Array): Pick<OpenedTensor, 'mean' | 'deviation' | 'min' | 'max'> {
  const finite = data.filter(Number.isFinite);
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  const variance = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / finite.length;
  const [min, max] = finite.length === 0 ? [Number.NaN, Number.NaN] : extremesOf(finite);
  return { mean, deviation: Math.sqrt(variance), min, max };
}

function extremesOf(data: Float32Array): [min: number, max: number] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of data) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return [min, max];
}
