/** A layer on one rank: its program, and what the rank keeps of it. The layers of this folder are thin faces of it. */

import { LabError } from '../base/errors.ts';
import type { Tensor } from '../device/device.ts';
import type { TensorData } from '../numerics/tensorData.ts';
import type { ProductWeights } from '../program/packing.ts';
import type { Program, Value } from '../program/program.ts';
import type { Chosen } from '../program/routing.ts';
import type { ParallelContext } from './context.ts';
import { execute, executeToShards } from './execute.ts';
import { KVCache } from './KVCache.ts';
import type { Inputs, Observer, RankPass } from './RankPass.ts';
import { RankStorage } from './RankStorage.ts';
import type { ShardedOutput } from './ShardedOutput.ts';
import { Workspace } from './Workspace.ts';
import type { Weights } from './weights.ts';

/** Of a model with many layers each has some megabytes. */
const MOST_PROGRAMS = 8;

/**
 * A layer of any program, one of your own too: load() its weights, run() it as often as you like, and free() it. Every rank
 * of the group must do the same in the same order.
 */
export class ProgramLayer {
  /** How many tokens the rank has seen; their rows are kept where the program has a cache. */
  readonly cache: KVCache;
  readonly storage: RankStorage;
  readonly #context: ParallelContext;
  readonly #write: (tokens: number) => Program;
  /** By tokens, the last used ones: what is kept on the device is the same for all of them. */
  readonly #programs = new Map<number, Program>();
  readonly #workspaces = new Map<Program, Workspace>();
  #chosen: readonly Chosen[] = [];

  /**
   * @param write the program for a pass of so many tokens
   * @param positions the longest sequence, where the layer has a cache
   * @param products how the weights of its products are held
   */
  constructor(
    context: ParallelContext,
    write: (tokens: number) => Program,
    positions = Number.POSITIVE_INFINITY,
    products: ProductWeights = 'stored',
  ) {
    this.#context = context;
    this.#write = write;
    this.storage = new RankStorage(context.device, context.rank, products);
    this.cache = new KVCache(positions);
  }

  /** What the gate of each mixture of experts chose in the last pass of run(), in order. */
  get chosen(): readonly Chosen[] {
    return this.#chosen;
  }

  /** What a pass of so many tokens does; `planOf` makes a plan of it. */
  program(tokens: number): Program {
    const program = this.#programs.get(tokens) ?? this.#write(tokens);
    this.#programs.delete(tokens); // to stand behind the others
    this.#programs.set(tokens, program);
    const [oldest] = this.#programs;
    if (this.#programs.size > MOST_PROGRAMS && oldest !== undefined) this.#forget(...oldest);
    return program;
  }

  /**
   * Fetches the rank's own part of each weight.
   * @throws LabError `input` where one is missing or too small
   */
  async load(weights: Weights): Promise<void> {
    this.#freeWorkspaces(); // they know the tensors that were there before
    await this.storage.load(this.program(1), weights);
  }

  /** Takes a rank's part of a weight as it is. */
  put(value: Value, data: TensorData): void {
    this.#freeWorkspaces();
    this.storage.put(value, data);
  }

  /**
   * Fetches what is not there yet, and keeps it where a later part fails: another call goes on from there.
   * @param goOn is asked before each part
   * @returns whether all is there
   * @throws LabError as load() does
   */
  loadRest(weights: Weights, goOn?: () => boolean): Promise<boolean> {
    return this.storage.loadRest(this.program(1), weights, goOn);
  }

  /**
   * A pass. Gives the program's output, a new tensor that the caller frees; so are the inputs the caller's.
   * @param inputs by their ids in the program
   * @param tokens of the pass, which follow those in the cache
   * @throws LabError `input` where there is no room for them, or load() was not called
   */
  async run(inputs: Inputs, tokens: number, observer?: Observer): Promise<Tensor> {
    const { output, chosen } = await execute(this.program(tokens), this.#pass(inputs, tokens, observer));
    this.cache.advance(tokens);
    this.#chosen = chosen;
    return output;
  }

  /**
   * The same, with the output's columns where they are: logits, of which no device needs a copy, and often only the
   * largest are asked for. The caller frees it.
   * @throws LabError as run() does
   */
  async runToShards(inputs: Inputs, tokens: number): Promise<ShardedOutput> {
    const output = await executeToShards(this.program(tokens), this.#pass(inputs, tokens));
    this.cache.advance(tokens);
    return output;
  }

  /**
   * The same of another program, which keeps what this layer's do: a pass now and then, for which nothing is set apart.
   * @throws LabError as run() does
   */
  async runOther(program: Program, inputs: Inputs): Promise<ShardedOutput> {
    this.cache.checkRoom(program.tokens);
    const { storage, cache } = this;
    const pass = { context: this.#context, storage, inputs, position: cache.length };
    const output = await executeToShards(program, pass);
    cache.advance(program.tokens);
    return output;
  }

  /** Gives back what it keeps on the device: weights, tables and cache, and what passes write to. */
  free(): void {
    this.#freeWorkspaces();
    this.#programs.clear();
    this.storage.free();
  }

  #pass(inputs: Inputs, tokens: number, observer?: Observer): RankPass {
    this.cache.checkRoom(tokens);
    const pass = { context: this.#context, storage: this.storage, inputs, position: this.cache.length };
    // Who observes keeps what is made.
    return observer === undefined ? { ...pass, workspace: this.#workspace(tokens) } : { ...pass, observer };
  }

  #workspace(tokens: number): Workspace {
    const program = this.program(tokens);
    const { device, rank } = this.#context;
    const workspace = this.#workspaces.get(program) ?? new Workspace(device, rank, program);
    this.#workspaces.set(program, workspace);
    workspace.begin();
    return workspace;
  }

  #freeWorkspaces(): void {
    for (const workspace of this.#workspaces.values()) workspace.free();
    this.#workspaces.clear();
  }

  #forget(tokens: number, program: Program): void {
    this.#programs.delete(tokens);
    this.#workspaces.get(program)?.free();
    this.#workspaces.delete(program);
  }
}

/** Rows of x `[M, …]`, and nothing else. */
export function rowsOf(x: Tensor): number {
  const [rows] = x.shape;
  if (rows === undefined || x.shape.length !== 2) {
    throw new LabError('input', `The layer got x [${x.shape.join(', ')}]; it needs two sizes.`);
  }
  return rows;
}
