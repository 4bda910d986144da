/** A model on a group of ranks: loads it, and goes on with texts. Without React, and without a page. */

import { LabError } from '../../base/errors.ts';
import type { Algorithm, Carrier } from '../../collectives/algorithm.ts';
import { modelProgram } from '../../program/model.ts';
import type { ProductWeights } from '../../program/packing.ts';
import { type Cost, costOf, type LayerPlan } from '../../program/plan.ts';
import { planOf } from '../../program/planOf.ts';
import type { Program } from '../../program/program.ts';
import { evenRoutings } from '../../program/routing.ts';
import type {
  DeviceChoice,
  DeviceInfo,
  ModelLoading,
  ModelTask,
  OpenedAttention,
  Placement,
  RecordedPass,
} from '../../protocol.ts';
import type { Wanted } from '../../sampling/top.ts';
import type { OpenedOnRanks } from '../layers/run.ts';
import { checkBlocks, checkFits, weightTypesOf } from './fits.ts';
import type { ModelFolder } from './folder.ts';
import { firstChoices, logitsBehind } from './forced.ts';
import { extend, type Generated, type GenerateOptions, generate, type LoadedModel } from './generate.ts';
import { type InspectedPass, inspectedPass } from './inspected.ts';
import { ModelRanks } from './ModelRanks.ts';
import { usualContext } from './params.ts';
import { openTextAway, type TextAway } from './textAway.ts';
import { contextPlan, type PlannedCall, passPlan } from './tokenPlan.ts';

export interface SessionOptions {
  readonly worldSize: number;
  readonly device: DeviceChoice;
  /** Default: a worker a rank. */
  readonly placement?: Placement;
  /** The longest sequence; as usualContext() where left out. */
  readonly positions?: number;
  /** Stops the loading, and closes the group. */
  readonly signal?: AbortSignal;
  /** Hears how far each rank is, some times a second. */
  readonly onLoading?: (ranks: readonly ModelLoading[]) => void;
  /** Hears, in a sentence and once, of what works and should be better. */
  readonly onWarning?: (sentence: string) => void;
  /** How every all_reduce is made; by size where left out. */
  readonly algorithm?: Algorithm | 'auto';
  /** How products hold their weights; as they are stored where left out. */
  readonly weights?: ProductWeights;
}

/** Failures of the network, one after another, before the loading is given up. */
const MOST_FAILURES = 3;

export class ModelSession implements LoadedModel {
  readonly folder: ModelFolder;
  readonly text: TextAway;
  /** The longest sequence. */
  readonly positions: number;
  /** What each rank has on its device. */
  readonly held: readonly Pick<ModelLoading, 'weightBytes' | 'kvBytes' | 'rounding'>[];
  /** How its products hold their weights. */
  readonly weights: ProductWeights;
  readonly #group: ModelRanks;
  /** Of a pass of one token. */
  readonly #program: Program;
  readonly #carrier: Carrier | 'auto';
  /** Tokens that the ranks have seen, in their caches. */
  readonly #seen: number[] = [];

  private constructor(
    { folder, text, positions }: LoadedModel,
    group: ModelRanks,
    { held, weights, algorithm }: Pick<ModelSession, 'held' | 'weights'> & Pick<ModelTask, 'algorithm'>,
  ) {
    this.#program = modelProgram(folder.model, group.worldSize, { tokens: 1, positions });
    this.#carrier = group.placement === 'one-device' ? 'one-device' : algorithm;
    this.folder = folder;
    this.text = text;
    this.positions = positions;
    this.held = held;
    this.weights = weights;
    this.#group = group;
  }

  /**
   * Starts the ranks, and has each load its own part of the weights.
   * @throws LabError `input` where the model cannot be run on so many ranks; as launch(), checkFits(), openTextAway() and
   *   the model's source do
   */
  static async open(folder: ModelFolder, options: SessionOptions): Promise<ModelSession> {
    const group = await launchModel(folder, options);
    try {
      return await ModelSession.on(group, folder, options);
    } catch (thrown) {
      await group.close();
      throw thrown;
    }
  }

  /**
   * The same on ranks that are there: what they ran before makes room. A session that was on them is of no use then.
   * @throws LabError as checkFits() and checkBlocks() do, before anything is fetched; as openTextAway() and the model's source do, behind
   *   which the ranks may go on loading
   */
  static async on(
    group: ModelRanks,
    folder: ModelFolder,
    options: Omit<SessionOptions, 'worldSize' | 'device' | 'placement' | 'signal'> = {},
  ): Promise<ModelSession> {
    const { model, source, checkpoint } = folder;
    const { algorithm = 'auto', weights = 'stored' } = options;
    const positions = positionsOf(folder, options.positions);
    checkBlocks(model, group.worldSize, weights);
    const costs = costsOf(folder, group, weights, { tokens: 1, positions });
    checkFits(folder, positions, group.devices, costs, weights);
    await group.all('open', { model, positions, source, checkpoint, algorithm, weights });
    // A tokenizer takes as long as many a weight, and a worker of its own.
    const [text, held] = await Promise.all([openTextAway(folder, group.ended), load(group, options)]);
    return new ModelSession({ folder, text, positions }, group, { held, weights, algorithm });
  }

  get devices(): readonly DeviceInfo[] {
    return this.#group.devices;
  }

  get worldSize(): number {
    return this.#group.worldSize;
  }

  get placement(): Placement {
    return this.#group.placement;
  }

  /** Of the shared memory, what each rank has for its collectives. */
  get windowBytes(): number {
    return this.#group.windowBytes;
  }

  /** Whether its ranks are gone, by whomever. */
  get closed(): boolean {
    return this.#group.closed;
  }

  /** By rank: what each will say to the others for a token, of which so much of the logits is wanted. */
  tokenPlan(wanted: Wanted): PlannedCall[][] {
    return passPlan(this.#program, wanted, this.#carrier);
  }

  /** The same for a context of so many tokens, which is read in chunks. */
  contextPlan(tokens: number, wanted: Wanted): PlannedCall[][] {
    const { folder, positions, worldSize } = this;
    const programOf = (length: number): Program =>
      length === 1 ? this.#program : modelProgram(folder.model, worldSize, { tokens: length, positions });
    return contextPlan(programOf, tokens, wanted, this.#carrier);
  }

  /** What a pass of so many tokens costs each rank, predicted. */
  costs(tokens: number): Cost[] {
    return costsOf(this.folder, this, this.weights, { tokens, positions: this.positions });
  }

  /**
   * Goes on with a context, token by token. What it has in common with the last one is in the ranks' caches and not run
   * again: a talk of several turns gives all of it each time, and a text goes on from any of its tokens. One at a time.
   * @throws LabError `input` where the context is empty or has no room; as the ranks do, and then the group is closed
   */
  generate(context: readonly number[], options: GenerateOptions = {}): AsyncGenerator<Generated, void> {
    this.checkRoom(context);
    return generate(this, this.#group, this.#seen, context, options);
  }

  /** @throws LabError `input` where the context is empty, or leaves no room for a token behind it */
  checkRoom({ length }: readonly unknown[]): void {
    if (length === 0)
      throw new LabError('input', 'There is nothing to go on with: this model needs a text to begin with.');
    if (length < this.positions) return;
    throw new LabError(
      'input',
      `The text has ${length.toLocaleString('en')} tokens, and there is room for ${this.positions.toLocaleString('en')}, ` +
        'the new ones included. Use a shorter one, or begin anew.',
    );
  }

  /**
   * The pass of a context's last token, one operation at a time. What the ranks have not seen of the context is run first.
   * @throws LabError as generate() does
   */
  async inspect(context: readonly number[]): Promise<InspectedPass> {
    await extend(this.#group, this.#seen, context);
    const position = context.length - 1;
    const ranks = await this.#group.all('inspect', position);
    const spans = await this.#group.trace();
    const weightTypes = typesOn(this.folder, this.devices, this.weights);
    return inspectedPass(this.#program, { position, weightTypes, carrier: this.#carrier }, ranks, spans);
  }

  /** The values of a tensor of the pass that was inspected last. */
  async openTensor(id: string): Promise<OpenedOnRanks> {
    return { id, ranks: await this.#group.all('openTensor', id) };
  }

  /** What each rank's heads of a layer attended to in that pass. @param index of the attention, from the first layer */
  attention(index: number): Promise<OpenedAttention[]> {
    return this.#group.all('attention', index);
  }

  /** What each rank recorded of its last passes. */
  recorded(): Promise<(readonly RecordedPass[])[]> {
    return this.#group.all('recorded');
  }

  /** `[vocab]`, of what comes behind the last token; from every rank. */
  logits(): Promise<Float32Array[]> {
    return this.#group.all('logits');
  }

  /** Forced decoding: in the place of each token of a text that others wrote, which one is the likeliest here. See forced.ts. */
  firstChoices(context: readonly number[], tokens: readonly number[]): Promise<number[]> {
    return firstChoices(this.#group, this.#seen, context, tokens);
  }

  /** All logits behind the context and behind each of the tokens, `[1 + tokens, vocab]`, from every rank. */
  logitsBehind(context: readonly number[], tokens: readonly number[]): Promise<Float32Array[]> {
    return logitsBehind(this.#group, this.#seen, context, tokens);
  }

  close(): Promise<void> {
    return this.#group.close();
  }
}

/** Ranks that wait for a model, with memory for this one. */
export async function launchModel(folder: ModelFolder, options: SessionOptions): Promise<ModelRanks> {
  const { worldSize, placement = 'worker', device, signal } = options;
  const positions = positionsOf(folder, options.positions);
  const pass = { tokens: 1, positions };
  const held = costsOf(folder, { worldSize, devices: [] }, 'stored', pass).map(
    (cost) => cost.weightBytes + positions * cost.kvBytes + cost.activationBytes,
  );
  return ModelRanks.launch({ worldSize, placement, device, held, signal });
}

function positionsOf({ model }: ModelFolder, asked = usualContext(model.maxPositions)): number {
  if (Number.isInteger(asked) && asked >= 1 && asked <= model.maxPositions) return asked;
  throw new LabError(
    'input',
    `The context is ${asked} tokens long; ${model.name} takes a whole number from 1 to ${model.maxPositions}.`,
  );
}

type Ranks = Pick<ModelRanks, 'worldSize' | 'devices'>;
type PassOf = Parameters<typeof modelProgram>[2];

function planFor(
  folder: ModelFolder,
  { worldSize, devices }: Ranks,
  weights: ProductWeights,
  pass: PassOf,
): LayerPlan {
  return planOf(modelProgram(folder.model, worldSize, pass), {
    position: 0,
    routings: evenRoutings(folder.model, pass.tokens),
    weightTypes: typesOn(folder, devices, weights),
  });
}

function typesOn(folder: ModelFolder, devices: readonly DeviceInfo[], weights: ProductWeights) {
  const types = weightTypesOf(folder, weights);
  return (rank: number) => types(devices[rank]);
}

/** @param ranks whose devices hold all in float32 where they are not known */
function costsOf(folder: ModelFolder, ranks: Ranks, weights: ProductWeights, pass: PassOf): Cost[] {
  const plan = planFor(folder, ranks, weights, pass);
  return Array.from({ length: ranks.worldSize }, (_, rank) => costOf(plan, rank));
}

/** Portion after portion, until every rank has all of its own. @returns how they are then */
async function load(
  group: ModelRanks,
  { onLoading, onWarning }: Pick<SessionOptions, 'onLoading' | 'onWarning'>,
): Promise<ModelLoading[]> {
  const warned = new Set<string>(); // every rank may tell the same
  let failures = 0;
  for (;;) {
    const ranks = await group.all('load');
    onLoading?.(ranks);
    for (const sentence of ranks.flatMap(({ warnings }) => warnings)) {
      if (!warned.has(sentence)) onWarning?.(sentence);
      warned.add(sentence);
    }
    // Of a group that was stopped meanwhile the next call says so.
    if (!group.closed && ranks.every(({ done }) => done)) return ranks;
    const failed = ranks.findIndex(({ failure }) => failure !== null);
    failures = failed < 0 ? 0 : failures + 1;
    if (failures >= MOST_FAILURES)
      throw new LabError('environment', ranks[failed]?.failure ?? '', { rank: failed });
  }
}
