/**
 * Finds the fastest kernel of `linear` for a class of shapes, on this adapter and now. What decides is the race in
 * src/tuning; here kernels are compiled, held against the exact product and each other, and timed.
 *
 * No kernel is trusted: one that does not compile, is wrong, or gives other bits than what would be taken without a
 * measurement is refused, since a column split has to equal the unsplit product whatever a table says.
 */

import { LabError, sentenceOf } from '../../base/errors.ts';
import { check, exactLinear, exactly } from '../../numerics/oracle.ts';
import type { LinearShape } from '../../operations/operations.ts';
import { nextOf, standingOf, startRace, timed } from '../../tuning/race.ts';
import { type ShapeClass, shapeOf, shortened } from '../../tuning/shapeClass.ts';
import type { Tuned, TuningKey } from '../../tuning/table.ts';
import type { DeviceInfo } from '../device.ts';
import { acquireGpu } from './adapter.ts';
import { type Abilities, abilitiesOf, choose, lacks, type Variant } from './kernel.ts';
import { linearVariants } from './products.ts';
import { operandAt, type Trial, Trials } from './trials.ts';
import { tunedLinear, tuningKey } from './tuned.ts';

type LinearVariant = Variant<LinearShape>;

/** So long a timing lasts at least: below, it is a wait or a rounded clock that is measured. */
const BATCH_MS = 5;
/** No product is faster; a clock may say so. */
const LEAST_MS = 1e-4;
/** A first look at how fast the adapter is: some milliseconds on two cores, and nothing on a GPU. */
const FIRST_FLOPS = 2 ** 23;
/** What takes so much longer than the guess, the first time, is not worth a race. */
const HOPELESS = 4;
/** No tile divides it, and its elements move in quads as those of the large ones do: the same kernel. */
const AWKWARD: LinearShape = { m: 37, k: 68, n: 76 };

export interface TuneOptions {
  /** Milliseconds for comparing and timing; compiling, which goes on in threads of the browser's own, is not in it. */
  readonly budgetMs: number;
  /** Times all kernels to the end, to tell how good the shorter race is. */
  readonly exhaustive?: boolean;
}

export class LinearTuner {
  readonly info: DeviceInfo;
  readonly key: TuningKey;
  readonly #abilities: Abilities;
  readonly #trials: Trials;

  private constructor(gpu: GPUDevice, info: DeviceInfo) {
    this.info = info;
    this.key = tuningKey(info, navigator.userAgent);
    this.#abilities = abilitiesOf(gpu);
    this.#trials = new Trials(gpu, info.software, navigator.userAgent);
  }

  /** @throws LabError `environment` where there is no WebGPU, or no adapter */
  static async open(label: string): Promise<LinearTuner> {
    const { gpu, info } = await acquireGpu(label);
    return new LinearTuner(gpu, info);
  }

  /** @throws LabError `device` where the GPU fails */
  async tune(cls: ShapeClass, { budgetMs, exhaustive = false }: TuneOptions): Promise<Tuned> {
    const shape = shapeOf(cls);
    if (shape === null) throw new LabError('input', `${cls} is no class of shapes. Use 512x512x512.`);
    const guess = this.#guessFor(shape);
    const refused: [id: string, why: string][] = [];
    const compiled = await this.#compiled([guess, ...this.#challengersOf(guess)], refused);
    const beganMs = performance.now();
    const sound = await this.#sound(guess, compiled, refused);
    const trial = await this.#affordable(shape, guess);
    try {
      this.#trials.expect(trial, guess);
      const estimates = new Map<string, number>();
      const guessMs = await this.#trials.time(trial, guess, 1);
      for (const variant of sound) {
        const runMs = await this.#trials.time(trial, variant, 1);
        if (!exhaustive && runMs > HOPELESS * guessMs) continue;
        const differing = await this.#trials.differing(trial, variant);
        if (differing > 0) refused.push([variant.id, `${differing} elements have other bits`]);
        else estimates.set(variant.id, runMs);
      }
      const racing = sound.filter(({ id }) => estimates.has(id));
      // On a slow adapter the first looks take most of it, and a race of nobody would tell nothing.
      const left = Math.max(budgetMs / 2, budgetMs - (performance.now() - beganMs));
      const { winner, mediansMs } = await this.#race(trial, guess, racing, estimates, {
        budgetMs: exhaustive ? Number.POSITIVE_INFINITY : left,
        exhaustive,
      });
      const alone = [[guess.id, Math.max(guessMs, LEAST_MS)]] as const; // nobody was worth a race
      return {
        variant: winner,
        guess: guess.id,
        timed: trial.shape,
        mediansMs: mediansMs.length > 0 ? mediansMs : alone,
        refused,
      };
    } finally {
      this.#trials.free(trial);
    }
  }

  close(): void {
    this.#trials.close();
  }

  /** What would be taken without a measurement. */
  #guessFor(shape: LinearShape): LinearVariant {
    const tuned = tunedLinear(this.info, navigator.userAgent, [])(shape);
    return choose('linear', linearVariants, shape, {
      software: this.info.software,
      abilities: this.#abilities,
      tuned,
    });
  }

  /** Of a software adapter, kernels that are made for one; of a GPU, those for GPUs. */
  #challengersOf(guess: LinearVariant): LinearVariant[] {
    const kind = this.info.software ? 'software' : 'gpu';
    return linearVariants.filter(
      (variant) =>
        variant !== guess &&
        variant.suits === kind &&
        variant.order === guess.order &&
        lacks(variant, this.#abilities) === null,
    );
  }

  async #compiled(variants: readonly LinearVariant[], refused: [string, string][]): Promise<LinearVariant[]> {
    const outcomes = await Promise.allSettled(
      variants.map((variant) => this.#trials.prepare(variant, AWKWARD)),
    );
    return variants.filter(({ id }, i) => {
      const outcome = outcomes[i];
      if (outcome?.status !== 'rejected') return true;
      refused.push([id, `does not compile: ${sentenceOf(outcome.reason)}`]);
      return false;
    });
  }

  /** Those whose product of an awkward shape is right, and has the guess's bits. */
  async #sound(
    guess: LinearVariant,
    variants: readonly LinearVariant[],
    refused: [string, string][],
  ): Promise<LinearVariant[]> {
    const trial = this.#trials.open(AWKWARD);
    const { m, k, n } = AWKWARD;
    const x = exactly(
      m,
      k,
      Float32Array.from({ length: m * k }, (_, i) => operandAt(i)),
    );
    const exact = exactLinear(
      x,
      { start: 0, end: n },
      (out, into) => {
        for (let i = 0; i < k; i++) into[i] = operandAt(out * k + i);
      },
      operandAt,
    );
    const sound: LinearVariant[] = [];
    this.#trials.expect(trial, guess);
    for (const variant of variants) {
      const { pass, maxAbsError } = check(await this.#trials.values(trial, variant), exact, k + 1);
      if (!pass) refused.push([variant.id, `is wrong by ${maxAbsError.toExponential(1)}`]);
      else if ((await this.#trials.differing(trial, variant)) > 0)
        refused.push([variant.id, 'has other bits']);
      else sound.push(variant);
    }
    this.#trials.free(trial);
    return sound;
  }

  /** A product of the class, of which one by the guess lasts no longer than a timing has to. */
  async #affordable(shape: LinearShape, guess: LinearVariant): Promise<Trial> {
    let at = shortened(shape, flopsOf(shape), FIRST_FLOPS);
    for (;;) {
      const trial = this.#trials.open(at);
      await this.#trials.time(trial, guess, 1);
      const runMs = await this.#trials.time(trial, guess, 1);
      const next = shortened(shape, (runMs * flopsOf(shape)) / flopsOf(at), BATCH_MS);
      if (flopsOf(next) <= flopsOf(at)) return trial;
      this.#trials.free(trial);
      at = next;
    }
  }

  async #race(
    trial: Trial,
    guess: LinearVariant,
    racing: readonly LinearVariant[],
    estimates: ReadonlyMap<string, number>,
    options: { readonly budgetMs: number; readonly exhaustive: boolean },
  ): Promise<ReturnType<typeof standingOf>> {
    const others = racing.filter((variant) => variant !== guess).map(({ id }) => id);
    let race = startRace(guess.id, others, options);
    for (let id = nextOf(race); id !== null; id = nextOf(race)) {
      const variant = racing.find((one) => one.id === id);
      if (variant === undefined) break;
      const known = race.timesMs[id]?.at(-1) ?? estimates.get(id) ?? BATCH_MS;
      const runs = Math.min(4096, Math.max(1, Math.ceil(BATCH_MS / Math.max(known, LEAST_MS))));
      const beganMs = performance.now();
      const ms = await this.#trials.time(trial, variant, runs);
      race = timed(race, Math.max(ms / runs, LEAST_MS), performance.now() - beganMs);
    }
    return standingOf(race);
  }
}

function flopsOf({ m, k, n }: LinearShape): number {
  return 2 * m * k * n;
}
