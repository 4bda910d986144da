/**
 * Runs a program on a rank: puts its operations on the device's queue one after another, and waits only for collectives
 * and for what the host has to know. A sum over the ranks is waited for where it is read (SumsUnderway.ts). A tensor is
 * freed when the last step that reads it is enqueued.
 */

import { invariant } from '../base/errors.ts';
import type { Tensor } from '../device/device.ts';
import {
  type Argument,
  type At,
  type CollectiveStep,
  type ExpertsStep,
  type HostStep,
  lastUses,
  type OpStep,
  type Program,
  type Step,
  type Stored,
  storedIn,
  Value,
} from '../program/program.ts';
import { type Chosen, tokensByExpert } from '../program/routing.ts';
import { exchange, gatherOfOutput } from './exchange.ts';
import type { PassResult, RankPass } from './RankPass.ts';
import { ShardedOutput } from './ShardedOutput.ts';
import { SumsUnderway } from './SumsUnderway.ts';

/** @throws LabError as the device and the communicator do; what the pass made is freed then */
export async function execute(program: Program, pass: RankPass): Promise<PassResult> {
  const executor = new Executor(program, pass);
  try {
    return await executor.run();
  } catch (thrown) {
    await executor.abandon();
    throw thrown;
  }
}

/**
 * The same, but that the output's columns stay where they are, if the last step is to put them together: what is done with
 * them, whoever asks knows best.
 * @throws LabError as {@link execute} does
 */
export async function executeToShards(program: Program, pass: RankPass): Promise<ShardedOutput> {
  const executor = new Executor(program, pass);
  try {
    return await executor.runToShards();
  } catch (thrown) {
    await executor.abandon();
    throw thrown;
  }
}

class Executor {
  readonly #program: Program;
  readonly #pass: RankPass;
  readonly #at: At;
  readonly #stored: ReadonlyMap<Value, Stored>;
  /** What the pass made, and still needs. */
  readonly #made = new Map<Value, Tensor>();
  readonly #chosen: Chosen[] = [];
  readonly #sums = new SumsUnderway();
  /** Of the round under way, counted from the rank's first. */
  #expert = 0;

  constructor(program: Program, pass: RankPass) {
    this.#program = program;
    this.#pass = pass;
    this.#at = { rank: pass.context.rank, position: pass.position };
    this.#stored = storedIn(program);
  }

  /** What is watched is waited for, one thing after another. */
  get #overlaps(): boolean {
    return this.#pass.observer === undefined && this.#pass.context.collectives.overlaps;
  }

  async run(): Promise<PassResult> {
    await this.#runSteps(lastUses(this.#program));
    return { output: this.#tensor(this.#program.output), chosen: this.#chosen };
  }

  async runToShards(): Promise<ShardedOutput> {
    const steps = lastUses(this.#program);
    const gather = gatherOfOutput(this.#program, steps.at(-1)?.step);
    await this.#runSteps(gather === null ? steps : steps.slice(0, -1));
    const value = gather?.input ?? this.#program.output;
    const shard = this.#tensor(value);
    this.#made.delete(value); // the caller's
    this.#freeAll();
    return new ShardedOutput(this.#pass.context, shard, gather);
  }

  /** Of a pass that has failed, the workspace too: nobody knows what is in it. Sums under way still write to what they had. */
  async abandon(): Promise<void> {
    await this.#sums.settled();
    this.#freeAll();
    this.#pass.workspace?.free();
  }

  #freeAll(): void {
    for (const value of [...this.#made.keys()]) this.#free(value);
  }

  async #runSteps(steps: ReturnType<typeof lastUses>): Promise<void> {
    const runs = this.#pass.workspace?.runs ?? [];
    for (const [i, { step, unneeded }] of steps.entries()) {
      const sums = this.#sums.before(step);
      if (sums !== undefined) await sums;
      const run = runs[i];
      if (run !== undefined) {
        run(this.#at.position); // all that it reads and writes stays
        continue;
      }
      const waiting = this.#perform(step) ?? this.#sums.of(unneeded);
      if (waiting !== undefined) await waiting;
      for (const value of unneeded) this.#free(value);
    }
    await this.#sums.all();
  }

  /** A promise where there is something to wait for. */
  #perform(step: Step): Promise<void> | undefined {
    switch (step.kind) {
      case 'op':
        return this.#op(step);
      case 'zeros': {
        const { shapes } = step.output;
        return this.#make('zeros', step.output, () =>
          this.#pass.context.device.zeros(shapes[this.#at.rank] ?? []),
        );
      }
      case 'host':
        return this.#host(step);
      case 'collective':
        return step.collective === 'all_reduce' ? this.#allReduce(step) : this.#collective(step);
      case 'experts':
        return this.#experts(step);
      default:
        return step satisfies never;
    }
  }

  #op(step: OpStep): Promise<void> | undefined {
    const { op, id, args, output } = step;
    const { context, observer, workspace } = this.#pass;
    const { device } = context;
    const given = args.map((arg) => this.#argument(arg));
    observer?.begin();
    const there = workspace?.targetOf(step, given);
    let made: Tensor | undefined;
    if (there === undefined) {
      made = Reflect.apply(device[op], device, given) as Tensor | undefined;
      if (made !== undefined) workspace?.offer(step, made);
    } else {
      const run = device.prepare(there, op, given);
      run();
      workspace?.offerRun(step, run);
      made = there;
    }
    if (output !== null && made !== undefined) this.#made.set(output, made);
    if (observer === undefined) return undefined;
    const [target, source] = given as Tensor[];
    const result = made ?? target;
    const work = made ?? source;
    if (result === undefined || work === undefined || work.length === 0) return undefined;
    return observer.end({ kind: 'op', id, result, before: null });
  }

  /** A tensor from the host. */
  #make(kind: 'zeros' | 'upload', output: Value, make: () => Tensor): Promise<void> | undefined {
    const { observer } = this.#pass;
    observer?.begin();
    const result = make();
    this.#made.set(output, result);
    if (observer === undefined || result.length === 0) return undefined;
    return observer.end({ kind, id: output.id, result, before: null });
  }

  async #host({ inputs, output, compute }: HostStep): Promise<void> {
    const { device } = this.#pass.context;
    const values: ArrayLike<number>[] = [];
    for (const input of inputs) {
      const given = this.#pass.inputs[input.id];
      values.push(isList(given) ? given : await device.read(this.#tensor(input)));
    }
    const data = compute(values, this.#at.rank);
    await this.#make('upload', output, () => device.tensor(data, output.shapes[this.#at.rank] ?? []));
  }

  #allReduce(step: CollectiveStep): Promise<void> | undefined {
    if (this.#overlaps) return this.#beginSum(step);
    const { context, workspace } = this.#pass;
    const tensor = this.#tensor(step.input);
    if (workspace?.keeps(tensor) !== true) return this.#collective(step);
    const run = context.collectives.prepareAllReduce?.(tensor, step.op ?? 'sum') ?? null;
    if (run === null) return this.#collective(step);
    run();
    this.#made.delete(step.input); // the same memory is now the sum's
    this.#made.set(step.output, tensor);
    workspace.offer(step, tensor);
    workspace.offerRun(step, run);
    return undefined;
  }

  #beginSum(step: CollectiveStep): undefined {
    const tensor = this.#tensor(step.input);
    this.#made.delete(step.input); // the same memory is now the sum's
    this.#sums.begin(step.output, async (after) => {
      try {
        await exchange(this.#pass.context.collectives, step, tensor, { after });
      } finally {
        this.#made.set(step.output, tensor);
      }
    });
  }

  async #collective(step: CollectiveStep): Promise<void> {
    const { observer, context } = this.#pass;
    observer?.begin();
    let before: Float32Array | null = null;
    const inspect = (values: Float32Array): void => {
      before = values.slice();
    };
    const result = await exchange(context.collectives, step, this.#tensor(step.input), { inspect });
    if (step.collective === 'all_reduce') this.#made.delete(step.input); // the same memory is now the output's
    this.#made.set(step.output, result);
    await observer?.end({ kind: 'collective', id: step.id, result, before });
  }

  async #experts(step: ExpertsStep): Promise<void> {
    const { device } = this.#pass.context;
    const [, experts = 0] = step.weights.shapes[0] ?? [];
    const weights = await device.read(this.#tensor(step.weights)); // the host has to know which products to make
    const chosen = tokensByExpert({ experts, weights });
    this.#chosen.push({ experts, weights });
    const { start, end } = step.experts[this.#at.rank] ?? { start: 0, end: 0 };
    for (let expert = start; expert < end; expert++) {
      const tokens = chosen[expert] ?? [];
      if (tokens.length === 0) continue;
      this.#expert = expert - start;
      await this.#round(
        step,
        tokens,
        tokens.map((token) => weights[token * experts + expert] as number),
      );
    }
  }

  /** The tokens go up before the body, and their weights before its last operation, which adds. */
  async #round(
    { tokens, shares, body }: ExpertsStep,
    own: readonly number[],
    of: readonly number[],
  ): Promise<void> {
    const { device } = this.#pass.context;
    const upload = (value: Value, data: readonly number[]): Promise<void> | undefined =>
      this.#make('upload', value, () => device.tensor(Float32Array.from(data), [data.length]));
    await upload(tokens, own);
    for (const step of body.slice(0, -1)) await this.#op(step);
    await upload(shares, of);
    for (const step of body.slice(-1)) await this.#op(step);
    for (const value of [tokens, shares, ...body.map((step) => step.output)])
      if (value !== null) this.#free(value);
  }

  #argument(arg: Argument): unknown {
    return arg instanceof Value ? this.#tensor(arg) : arg(this.#at);
  }

  #tensor(value: Value): Tensor {
    if (this.#stored.has(value)) return this.#pass.storage.get(value, this.#expertOf(value));
    const tensor =
      this.#made.get(value) ?? this.#pass.workspace?.resultOf(value) ?? this.#pass.inputs[value.id];
    invariant(tensor !== undefined && !isList(tensor), () => `the pass has no tensor ${value.id}`);
    return tensor;
  }

  #expertOf(value: Value): number {
    const stored = this.#stored.get(value);
    return stored?.kind === 'weight' && stored.perExpert ? this.#expert : 0;
  }

  #free(value: Value): void {
    const tensor = this.#made.get(value);
    if (tensor === undefined) return;
    this.#made.delete(value);
    const { observer, context, workspace } = this.#pass;
    if (workspace?.keeps(tensor)) return;
    if (observer === undefined) context.device.free(tensor);
    else observer.freed(tensor);
  }
}

function isList(input: Tensor | readonly number[] | undefined): input is readonly number[] {
  return Array.isArray(input);
}
