/** The same work done by several, by turns: what slows the machine for a while slows them all. */

import { messageOf } from '../../src/base/errors.ts';
import { quantile } from '../../src/numerics/statistics.ts';

/** One who can do the work. */
export interface Entrant {
  /** Among those of its race: "ort-wasm". */
  readonly id: string;
  /** Makes the operands, runs once and holds the result against the oracle. */
  prepare(): Promise<Prepared>;
  /** Milliseconds of a run: a mean over `runs`, which are waited for once. */
  iterate(runs: number): Promise<number>;
  release(): Promise<void>;
  /** Whether `iterate` has untimed runs of its own. */
  readonly warmsItself?: boolean;
  /** So long its threads go on looking for work when they have none: the next turn begins behind that. */
  readonly lingersMs?: number;
}

export interface Prepared {
  /** Elements that are not what they have to be. */
  readonly wrong: number;
  readonly maxAbsError: number;
  /** How many runs may be under way at once. */
  readonly atOnce: number;
}

export type Outcome = {
  readonly id: string;
} & (
  | {
      readonly kind: 'timed';
      /** Of a run, one a round. */
      readonly samplesMs: readonly number[];
      /** That were waited for at once. */
      readonly runs: number;
      readonly maxAbsError: number;
    }
  /** It could not run, or its result was wrong: there is no time of it. */
  | { readonly kind: 'failed'; readonly why: string }
);

export interface RaceOptions {
  readonly rounds: number;
  /** Of which at least these, when it has taken as long as `budgetMs`. */
  readonly leastRounds: number;
  readonly budgetMs: number;
  /** Ends it after the round that it is in. */
  readonly signal: AbortSignal;
  /** So long a turn has to be, of as many runs as it takes: else it is a clock or a wait that is measured. */
  readonly turnMs: number;
  /** Whose run takes longer has no turns: the others would wait for nothing but that. */
  readonly mostMs: number;
}

/** Everybody has a turn in each round, in an order that goes round too. Who fails is out, and the others go on. */
export async function race(entrants: readonly Entrant[], options: RaceOptions): Promise<Outcome[]> {
  const outcomes = new Map<string, Outcome>();
  const running: Runner[] = [];
  const attempt = async (entrant: Entrant, what: () => Promise<void>): Promise<void> => {
    try {
      await what();
    } catch (thrown) {
      outcomes.set(entrant.id, { id: entrant.id, kind: 'failed', why: messageOf(thrown, entrant.id) });
    }
    if (entrant.lingersMs !== undefined) await rest(entrant.lingersMs);
  };
  for (const entrant of entrants) {
    await attempt(entrant, async () => {
      const { wrong, maxAbsError, atOnce } = await entrant.prepare();
      if (wrong > 0) throw new Error(`${wrong} elements are wrong, by up to ${maxAbsError}.`);
      running.push({
        entrant,
        ...(await turnOf(entrant, atOnce, options)),
        maxAbsError,
        samplesMs: [],
      });
    });
  }
  const end = performance.now() + options.budgetMs;
  const enough = (done: number): boolean =>
    done > 0 && (options.signal.aborted || (done >= options.leastRounds && performance.now() > end));
  for (let round = 0; round < options.rounds && !enough(round); round++) {
    for (let turn = 0; turn < running.length; turn++) {
      const runner = running[(round + turn) % running.length];
      if (runner === undefined || outcomes.has(runner.entrant.id)) continue;
      const { entrant, runs, warms, samplesMs } = runner;
      await attempt(entrant, async () => {
        if (warms) await entrant.iterate(1);
        samplesMs.push(await entrant.iterate(runs));
      });
    }
  }
  for (const { entrant, samplesMs, runs, maxAbsError } of running) {
    const { id } = entrant;
    if (!outcomes.has(id)) outcomes.set(id, { id, kind: 'timed', samplesMs, runs, maxAbsError });
    await attempt(entrant, () => entrant.release());
  }
  return entrants.flatMap(({ id }) => outcomes.get(id) ?? []);
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

interface Runner extends Turn {
  readonly entrant: Entrant;
  readonly maxAbsError: number;
  readonly samplesMs: number[];
}

interface Turn {
  readonly runs: number;
  /** Whether a run goes before, untimed: the others have had the caches. One that fills a turn alone need not. */
  readonly warms: boolean;
}

/** As many runs as fill a turn. The first compile and warm up; of each number the second counts. */
async function turnOf(
  entrant: Entrant,
  atOnce: number,
  { turnMs, mostMs }: Pick<RaceOptions, 'turnMs' | 'mostMs'>,
): Promise<Turn> {
  for (let runs = 1; ; ) {
    const firstMs = await entrant.iterate(runs);
    if (firstMs > mostMs) throw new Error(`a run takes ${(firstMs / 1000).toFixed(1)} s, too long for turns`);
    const ms = await entrant.iterate(runs);
    if (runs >= atOnce || runs * ms >= turnMs)
      return { runs, warms: entrant.warmsItself !== true && ms < turnMs };
    const missing = Math.ceil(turnMs / Math.max(ms, 1e-6));
    runs = Math.min(atOnce, 8 * runs, Math.max(2 * runs, missing));
  }
}

/** Of what was taken in every round. */
export interface Spread {
  /** The median. */
  readonly value: number;
  /** A tenth of the rounds is below, a tenth above. */
  readonly low: number;
  readonly high: number;
  /** Of the fastest tenth of each: what is left where other work takes turns away. */
  readonly undisturbed: number;
}

/** How many times as long as `to` it takes: the median over the rounds of what both took in the same round. */
export function ratioOf(of: readonly number[], to: readonly number[]): Spread {
  const ratios = of.slice(0, to.length).map((ms, round) => ms / (to[round] ?? Number.NaN));
  return {
    value: quantile(ratios, 0.5),
    low: quantile(ratios, 0.1),
    high: quantile(ratios, 0.9),
    undisturbed: quantile(of, 0.1) / quantile(to, 0.1),
  };
}

export function spreadOf(samples: readonly number[]): Spread {
  return ratioOf(
    samples,
    samples.map(() => 1),
  );
}
