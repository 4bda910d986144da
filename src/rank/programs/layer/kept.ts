/** The tensors of a run by their ids in the plan, to be opened when somebody looks. */

import { invariant } from '../../../base/errors.ts';
import type { Device, Tensor } from '../../../device/device.ts';
import type { DeviceEvent } from '../../../device/steppedDevice.ts';
import {
  elementsOf,
  type LayerPlan,
  type PlannedOp,
  type PlannedTensor,
  sequenceOf,
} from '../../../math/plans/plan.ts';
import { preview } from '../../../math/preview.ts';
import type { OpenedTensor } from '../../../protocol.ts';

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

  /** Files what the device did under the plan's ids. Where they do not fit each other, the page will say so. */
  keepPass(
    plan: LayerPlan,
    rank: number,
    inputs: Readonly<Record<string, Tensor>>,
    events: readonly DeviceEvent[],
  ): void {
    this.#tensors = plan.tensors;
    this.#rank = rank;
    for (const [id, tensor] of Object.entries(inputs)) this.#sources.set(id, [tensor]);
    for (const [id, blocks] of this.#weights) this.#sources.set(id, blocks);
    const stored = new Set(plan.storage.map(({ id }) => id));
    for (const [i, { step }] of sequenceOf(plan, rank).entries()) {
      const event = events[i];
      if (event === undefined) break;
      if (step.kind === 'collective') {
        // What the sum was made of is overwritten by it, so that it is kept on the host.
        if (event.before !== null) this.#sources.set(step.input, [event.before]);
        this.#sources.set(step.output, [event.result]);
        continue;
      }
      if (step.loop === null) this.#keepStored(step, event, stored);
      if (step.output !== null) {
        const rounds = step.loop === null ? [] : (this.#sources.get(step.output) ?? []);
        this.#sources.set(step.output, [...rounds, event.result]);
      }
    }
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

  /** What the layer keeps on the device: parts of it are not as the checkpoint has them, or are not in it at all. */
  #keepStored(step: PlannedOp, event: DeviceEvent, stored: ReadonlySet<string>): void {
    // writeRows is given the cache and then the rows, and the plan names what is read before what is changed.
    const given = step.op === 'writeRows' ? event.inputs.toReversed() : event.inputs;
    for (const [i, id] of step.inputs.entries()) {
      const tensor = given[i];
      if (tensor !== undefined && stored.has(id)) this.#sources.set(id, [tensor]);
    }
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
