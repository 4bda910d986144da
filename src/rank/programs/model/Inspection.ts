/** One token's pass once more, one operation at a time: what was done, every tensor, and what its heads attended to. */

import { LabError } from '../../../base/errors.ts';
import type { Recorder } from '../../../base/trace.ts';
import type { Device, Tensor } from '../../../device/device.ts';
import { attentionWeights } from '../../../numerics/attentionWeights.ts';
import type { AttentionOptions } from '../../../operations/signatures.ts';
import { planOf } from '../../../program/planOf.ts';
import { type OpStep, stepsOf, Value } from '../../../program/program.ts';
import { type Chosen, routingOf } from '../../../program/routing.ts';
import type { LayerEvent, OpenedAttention, OpenedTensor } from '../../../protocol.ts';
import { Kept } from '../layer/kept.ts';
import { StepByStep } from '../layer/StepByStep.ts';
import type { RankModel } from './RankModel.ts';

export class Inspection {
  readonly events: readonly LayerEvent[];
  readonly chosen: readonly Chosen[];
  readonly #rank: number;
  readonly #device: Device;
  readonly #position: number;
  readonly #watched: StepByStep;
  readonly #kept: Kept;
  readonly #output: Tensor;
  readonly #attentions: readonly OpStep[];

  private constructor(
    model: RankModel,
    device: Device,
    position: number,
    watched: StepByStep,
    output: Tensor,
  ) {
    const { rank, layer } = model;
    const program = layer.program(1);
    this.#rank = rank;
    this.#device = device;
    this.#position = position;
    this.#watched = watched;
    this.#output = output;
    this.#kept = new Kept();
    const ids = model.ids.slice(position, position + 1);
    this.chosen = layer.chosen;
    const plan = planOf(program, { position, routings: layer.chosen.map(routingOf) });
    this.#kept.keepPass(plan, rank, layer, { ids }, watched.seen);
    this.#attentions = stepsOf(program).filter(
      (step) => step.kind === 'op' && step.op === 'attention',
    ) as OpStep[];
    this.events = watched.seen.map(({ event }) => event);
  }

  /**
   * Runs the pass that made the token behind `position` likely. The caches are the same after it: the row that it writes has
   * the same numbers.
   * @param recorder left with the spans of this pass alone
   */
  static async of(
    model: RankModel,
    { device, recorder }: { readonly device: Device; readonly recorder: Recorder },
    position: number,
  ): Promise<Inspection> {
    const watched = new StepByStep(device, recorder);
    const output = await model.again(position, watched);
    return new Inspection(model, device, position, watched, output);
  }

  /** The values of a tensor of the plan; null where this rank has none of it. */
  open(id: string): Promise<OpenedTensor | null> {
    return this.#kept.open(id, this.#device);
  }

  /**
   * What this rank's heads of a layer attended to.
   * @param index of the attention, counted from the first layer
   */
  async attention(index: number): Promise<OpenedAttention> {
    const step = this.#attentions[index];
    const [q, keys, , options] = step?.args ?? [];
    if (!(q instanceof Value) || !(keys instanceof Value) || typeof options !== 'function')
      throw new LabError(
        'input',
        `There are ${this.#attentions.length} attentions, and none is number ${index}.`,
      );
    const at = { rank: this.#rank, position: this.#position };
    const heads = options(at) as AttentionOptions;
    const first = q.cut?.units[this.#rank]?.start ?? 0;
    const count = this.#position + 1;
    const weights =
      heads.heads === 0
        ? new Float32Array()
        : attentionWeights(await this.#read(q), await this.#read(keys), count, heads);
    return { first, heads: heads.heads, count, weights };
  }

  free(): void {
    this.#watched.free();
    this.#device.free(this.#output);
  }

  async #read({ id }: Value): Promise<Float32Array> {
    const tensor = this.#kept.tensor(id);
    if (tensor === null) throw new LabError('input', `The pass has no ${id}.`);
    return tensor instanceof Float32Array ? tensor : this.#device.read(tensor);
  }
}
