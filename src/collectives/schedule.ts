/**
 * The schedules of the collectives, as data: the executor runs them, the tests read them and the page draws them.
 *
 * Vocabulary. The buffer is cut into chunks, one a rank. Each rank has a window that the others can read. A step
 * *pulls*: the rank reads one chunk out of another rank's window and adds it to, or copies it over, a chunk of its
 * own. A rank synchronises only with the ranks it reads from: before a step it waits until `from` has completed
 * `after` steps of the same collective (0: it has loaded its input). That makes overwriting safe without further
 * waits: in a ring, step t of rank r depends on step t−1 of r−1, and so, n−1 steps back, on step t−n+1 of r+1,
 * which was the last one to read what step t overwrites. Two-shot alone *delivers*: who has summed a chunk that nobody else
 * looks at writes it into the windows of all, each of which it has read by then, and they wait for it.
 *
 * Ring indices as in NCCL: at step s, reduceScatter on rank r pulls chunk (r−2−s) mod n and allGather pulls chunk
 * (r−1−s) mod n, both from r−1. After reduceScatter rank r owns the full sum of chunk r.
 */

import type { Algorithm } from './algorithm.ts';
import type { CollectiveKind } from './kinds.ts';

export type StepPhase = 'reduce-scatter' | 'all-gather' | 'broadcast' | 'exchange';

export interface ScheduleStep {
  readonly phase: StepPhase;
  /** The rank whose window is read; with `target: 'output'` also the rank itself. */
  readonly from: number;
  /** `from` must have completed this many of its own steps. */
  readonly after: number;
  /** The chunk read in `from`'s window. */
  readonly chunk: number;
  /** The chunk written, in the rank's own window or in its output. */
  readonly into: number;
  readonly target: 'window' | 'output';
  /** `arrive`: the chunk is there by now, for its owner delivers it. */
  readonly action: 'reduce' | 'copy' | 'arrive';
  /** The sum of the chunk is complete after this step. */
  readonly final: boolean;
  /** It is then written into the windows of all other ranks too. */
  readonly delivers?: boolean;
}

/** What one rank does in one collective. */
export interface Schedule {
  readonly kind: CollectiveKind;
  readonly algorithm: Algorithm;
  /** Chunks that the rank copies from its data into its window before the first step. */
  readonly load: readonly number[];
  readonly steps: readonly ScheduleStep[];
  /** Chunks that it copies from its window to its output after the last step. */
  readonly store: readonly number[];
  /** The most steps that any rank of this collective has. */
  readonly rounds: number;
  /** The ranks that read this rank's window, and must be done before it is used again. */
  readonly readers: readonly number[];
}

const mod = (a: number, n: number): number => ((a % n) + n) % n;
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const others = (n: number, rank: number): number[] => upTo(n - 1).map((s) => mod(rank - 1 - s, n));

function ringReduceScatter(n: number, rank: number): ScheduleStep[] {
  return upTo(n - 1).map((s) => {
    const chunk = mod(rank - 2 - s, n);
    const final = s === n - 2;
    return {
      phase: 'reduce-scatter',
      from: mod(rank - 1, n),
      after: s,
      chunk,
      into: chunk,
      target: 'window',
      action: 'reduce',
      final,
    };
  });
}

function ringAllGather(n: number, rank: number, before: number): ScheduleStep[] {
  return upTo(n - 1).map((s) => {
    const chunk = mod(rank - 1 - s, n);
    return {
      phase: 'all-gather',
      from: mod(rank - 1, n),
      after: before + s,
      chunk,
      into: chunk,
      target: 'window',
      action: 'copy',
      final: false,
    };
  });
}

/** Pull by pull round the ring, away from the root; segments follow one another through it like water. */
function ringBroadcast(n: number, rank: number, root: number): ScheduleStep[] {
  if (rank === root) return [];
  const from = mod(rank - 1, n);
  const after = from === root ? 0 : 1;
  return [
    { phase: 'broadcast', from, after, chunk: 0, into: 0, target: 'window', action: 'copy', final: false },
  ];
}

function pull(
  phase: StepPhase,
  from: number,
  chunk: number,
  into: number,
  rest: Partial<ScheduleStep>,
): ScheduleStep {
  return { phase, from, after: 0, chunk, into, target: 'output', action: 'copy', final: false, ...rest };
}

function ring(
  kind: CollectiveKind,
  steps: ScheduleStep[],
  n: number,
  rank: number,
  io: Pick<Schedule, 'load' | 'store'>,
): Schedule {
  return {
    kind,
    algorithm: 'ring',
    steps,
    ...io,
    rounds: steps.length,
    readers: n === 1 ? [] : [mod(rank + 1, n)],
  };
}

function direct(
  kind: CollectiveKind,
  algorithm: Algorithm,
  steps: ScheduleStep[],
  n: number,
  rank: number,
  io: Pick<Schedule, 'load' | 'store'>,
): Schedule {
  return { kind, algorithm, steps, ...io, rounds: steps.length, readers: others(n, rank) };
}

/** What `rank` does in a collective: `algorithm` matters to all_reduce only, `root` to broadcast only. */
export function scheduleOf(
  {
    kind,
    algorithm,
    root,
  }: { readonly kind: CollectiveKind; readonly algorithm: Algorithm; readonly root: number },
  worldSize: number,
  rank: number,
): Schedule {
  switch (kind) {
    case 'all_reduce':
      if (algorithm === 'one-shot') return oneShotAllReduce(worldSize, rank);
      return algorithm === 'two-shot'
        ? twoShotAllReduce(worldSize, rank)
        : ringSchedule(kind, worldSize, rank);
    case 'reduce_scatter':
    case 'all_gather':
    case 'broadcast':
      return ringSchedule(kind, worldSize, rank, root);
    case 'all_to_all':
      return allToAll(worldSize, rank);
    case 'barrier':
      return barrier(worldSize, rank);
    default:
      return kind satisfies never;
  }
}

/** The ring form of a collective on one rank. `root` matters to broadcast only. */
export function ringSchedule(
  kind: 'all_reduce' | 'reduce_scatter' | 'all_gather' | 'broadcast',
  worldSize: number,
  rank: number,
  root = 0,
): Schedule {
  const n = worldSize;
  switch (kind) {
    case 'all_reduce': {
      const steps = [...ringReduceScatter(n, rank), ...ringAllGather(n, rank, n - 1)];
      return ring(kind, steps, n, rank, { load: upTo(n), store: upTo(n) });
    }
    case 'reduce_scatter':
      return ring(kind, ringReduceScatter(n, rank), n, rank, { load: upTo(n), store: [rank] });
    case 'all_gather':
      return ring(kind, ringAllGather(n, rank, 0), n, rank, { load: [rank], store: upTo(n) });
    case 'broadcast': {
      const isRoot = rank === root;
      const steps = ringBroadcast(n, rank, root);
      const schedule = ring(kind, steps, n, rank, { load: isRoot ? [0] : [], store: isRoot ? [] : [0] });
      return { ...schedule, rounds: n === 1 ? 0 : 1 };
    }
    default:
      return kind satisfies never;
  }
}

/**
 * Every rank reads every window whole and adds in rank order, so that all get the same bits: one round, but
 * n−1 times the bytes. The buffer is one chunk.
 */
export function oneShotAllReduce(worldSize: number, rank: number): Schedule {
  const n = worldSize;
  const steps = upTo(n).map((from) =>
    pull('reduce-scatter', from, 0, 0, { action: from === 0 ? 'copy' : 'reduce', final: from === n - 1 }),
  );
  return direct('all_reduce', 'one-shot', steps, n, rank, { load: [0], store: [] });
}

/**
 * Each rank sums its own chunk out of all windows and writes the sum into them, where nobody else looks at that chunk: each
 * number is written to a window while it is still at hand, and read from memory once.
 */
export function twoShotAllReduce(worldSize: number, rank: number): Schedule {
  const n = worldSize;
  const peers = others(n, rank);
  const reduce = peers.map((from, s) => {
    const final = s === n - 2;
    return pull('reduce-scatter', from, rank, rank, {
      target: 'window',
      action: 'reduce',
      final,
      delivers: final,
    });
  });
  const gather = peers.map((from) =>
    pull('all-gather', from, from, from, { target: 'window', after: n - 1, action: 'arrive' }),
  );
  return direct('all_reduce', 'two-shot', [...reduce, ...gather], n, rank, { load: upTo(n), store: upTo(n) });
}

/** Chunk r of every rank's data goes to rank r. Each rank starts with its previous neighbour, so that no window is crowded. */
export function allToAll(worldSize: number, rank: number): Schedule {
  const n = worldSize;
  const steps = [rank, ...others(n, rank)].map((from) => pull('exchange', from, rank, from, {}));
  return direct('all_to_all', 'one-shot', steps, n, rank, { load: upTo(n), store: [] });
}

/** An exchange of nothing: each rank waits until all have arrived. */
export function barrier(worldSize: number, rank: number): Schedule {
  const steps = others(worldSize, rank).map((from) => pull('exchange', from, 0, 0, {}));
  return direct('barrier', 'one-shot', steps, worldSize, rank, { load: [], store: [] });
}

/** The order in which the ring adds the ranks' terms of `chunk`: it starts behind the owner and ends at it. */
export function additionOrder(chunk: number, worldSize: number): number[] {
  return upTo(worldSize).map((s) => mod(chunk + 1 + s, worldSize));
}
