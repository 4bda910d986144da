/**
 * A race of kernels for one class of shapes, as data: who is timed next, and who has won. It is fed times and has no clock.
 *
 * Successive halving (Jamieson & Talwalkar 2016, arXiv:1502.07943): in each round every kernel that is left is timed a few
 * times, in turns, so that a machine that grows slow or fast does so for all; then the slower half of those that challenge the incumbent leaves. The incumbent
 * stays to the end, to be measured beside whoever is left, and keeps its place unless it is beaten clearly.
 */

import { median } from '../numerics/statistics.ts';

/** Times of each kernel in a round. */
const TURNS = 3;
/** A kernel that is so much slower than the fastest after one turn leaves at once. */
const HOPELESS = 2;
/** The incumbent is beaten by so much, or it stays: medians of 5 ms wander by 1 to 2 %. */
const CLEARLY = 0.04;

export interface Race {
  readonly incumbent: string;
  /** Still in the race. */
  readonly left: readonly string[];
  /** Milliseconds a product, of every kernel that was timed. */
  readonly timesMs: Readonly<Record<string, readonly number[]>>;
  /** To be timed in this round, in order. */
  readonly queue: readonly string[];
  readonly spentMs: number;
  readonly budgetMs: number;
  /** Whether nobody leaves: to compare a race with what it would have found with more time. */
  readonly exhaustive: boolean;
}

export interface Standing {
  readonly winner: string;
  /** Milliseconds a product by each kernel, the fastest first: medians. */
  readonly mediansMs: readonly (readonly [id: string, ms: number])[];
}

export function startRace(
  incumbent: string,
  challengers: readonly string[],
  { budgetMs, exhaustive = false }: { readonly budgetMs: number; readonly exhaustive?: boolean },
): Race {
  const left = [incumbent, ...challengers];
  return { incumbent, left, timesMs: {}, queue: left, spentMs: 0, budgetMs, exhaustive };
}

/** The kernel to be timed now; null where the race is over. */
export function nextOf({ queue, left, spentMs, budgetMs }: Race): string | null {
  if (left.length < 2 || spentMs >= budgetMs) return null;
  return queue[0] ?? null;
}

/**
 * The race after {@link nextOf} was timed.
 * @param runMs milliseconds a product
 * @param spentMs milliseconds that the timing took
 */
export function timed(race: Race, runMs: number, spentMs: number): Race {
  const [id, ...queue] = race.queue;
  if (id === undefined) return race;
  const timesMs = { ...race.timesMs, [id]: [...(race.timesMs[id] ?? []), runMs] };
  const next = { ...race, timesMs, queue, spentMs: race.spentMs + spentMs };
  return queue.length > 0 ? next : turned(next);
}

/** After a turn: who has no hope leaves; after the last of a round, the slower half; and the next turn is laid out. */
function turned(race: Race): Race {
  const { timesMs, incumbent, exhaustive } = race;
  const turns = timesMs[incumbent]?.length ?? 0;
  const ranked = race.left
    .filter((id) => id !== incumbent)
    .sort((a, b) => medianOf(race, a) - medianOf(race, b));
  const best = Math.min(medianOf(race, incumbent), medianOf(race, ranked[0] ?? incumbent));
  const stay = turns % TURNS === 0 ? Math.ceil(ranked.length / 2) : ranked.length;
  const challengers = ranked.filter(
    (id, place) => exhaustive || (place < stay && medianOf(race, id) <= HOPELESS * best),
  );
  const left = [incumbent, ...challengers];
  // When the incumbent and one other are left, three rounds have told them apart, or nothing will.
  const over = (left.length <= 2 && turns >= 3 * TURNS) || (exhaustive && turns >= 5 * TURNS);
  return { ...race, left, queue: over ? [] : left };
}

/** Who is the fastest of those that were timed as often as a round asks; the incumbent, unless it is clearly beaten. */
export function standingOf(race: Race): Standing {
  const { incumbent, timesMs, left } = race;
  const mediansMs = Object.keys(timesMs)
    .map((id) => [id, medianOf(race, id)] as const)
    .sort((a, b) => a[1] - b[1]);
  const isMeasured = (id: string): boolean => (timesMs[id]?.length ?? 0) >= TURNS;
  const first = mediansMs.find(([id]) => left.includes(id) && isMeasured(id));
  const bar = medianOf(race, incumbent) * (1 - CLEARLY);
  const wins = first !== undefined && isMeasured(incumbent) && first[1] < bar;
  return { winner: wins ? first[0] : incumbent, mediansMs };
}

function medianOf({ timesMs }: Race, id: string): number {
  const times = timesMs[id];
  return times === undefined ? Number.POSITIVE_INFINITY : median(times);
}
