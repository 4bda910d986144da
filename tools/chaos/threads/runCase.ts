/** A rank of a case, in its thread: goes through the steps, is struck, and tells how it ended. */

import { LabError, messageOf } from '../../../src/base/errors.ts';
import { Communicator } from '../../../src/comm/communicator.ts';
import { abortGroup, isAborted } from '../../../src/group/abort.ts';
import { attachGroup } from '../../../src/group/memory.ts';
import { hash32 } from '../../../src/numerics/random.ts';
import { inputOf } from '../expected.ts';
import { perform, shift } from '../perform.ts';
import type { Fault, ThreadCase } from './faults.ts';
import { REFUSALS } from './refusals.ts';

export interface ThreadOrder {
  readonly memory: WebAssembly.Memory;
  readonly rank: number;
  readonly timeoutMs: number;
  readonly threadCase: ThreadCase;
}

export interface ThreadReport {
  readonly rank: number;
  /** Whether it went through all its steps. */
  readonly finished: boolean;
  /** Results that were returned and are wrong. */
  readonly wrong: readonly string[];
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly rank: number | undefined;
  } | null;
}

/** What a fault throws that is no refusal. */
export const THROWN = 'out of cheese';

/** @param exit ends the thread */
export async function runCase(order: ThreadOrder, exit: () => never): Promise<ThreadReport> {
  const { memory, rank, timeoutMs, threadCase } = order;
  const { seed, rounds, fault } = threadCase;
  const comm = new Communicator(memory, { rank, timeoutMs });
  const wrong: string[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const last = round === rounds - 1;
      const steps = last && fault.kind === 'differs' && fault.rank === rank ? fault.steps : threadCase.steps;
      for (const [at, step] of steps.entries()) {
        const blow = last && 'at' in fault && fault.at === at && isStruck(fault, rank) ? fault : null;
        if (blow?.kind === 'returns') return { rank, finished: false, wrong, error: null };
        if (blow?.kind === 'exits') exit();
        if (blow !== null) await strike(blow, comm, order);
        const stream = hash32(seed, at);
        const astray = last && at === steps.length - 1 ? astrayOf(fault, rank) : null;
        if (astray === null) {
          const difference = await perform(comm, step, stream);
          if (difference !== null) wrong.push(difference);
        } else {
          const data = inputOf({ ...step, ...astray }, stream, comm.worldSize, rank);
          await shift(comm, data, astray.to ?? (rank + 1) % comm.worldSize, step.length);
        }
      }
    }
    return { rank, finished: true, wrong, error: null };
  } catch (thrown) {
    // As serve() does for a rank program that throws.
    abortGroup(attachGroup(memory), { kind: 'rank-failed', rank });
    const known = thrown instanceof LabError;
    const error = {
      code: known ? thrown.code : 'unknown',
      message: messageOf(thrown),
      rank: known ? thrown.rank : undefined,
    };
    return { rank, finished: false, wrong, error };
  }
}

export function isStruck(fault: Fault, rank: number): boolean {
  if ('ranks' in fault) return fault.ranks.includes(rank);
  return 'rank' in fault && fault.rank === rank;
}

async function strike(fault: Fault, comm: Communicator, order: ThreadOrder): Promise<void> {
  switch (fault.kind) {
    case 'late':
      return sleep(60);
    case 'hangs':
      return hang(order);
    case 'throws':
      if (fault.call !== null) await REFUSALS[fault.call](comm);
      throw new TypeError(THROWN);
    case 'refused':
      try {
        await REFUSALS[fault.call](comm);
      } catch (thrown) {
        if (thrown instanceof LabError && thrown.code === 'input') return;
        throw thrown;
      }
      throw new Error(`It was not refused: ${fault.call}.`);
    default:
  }
}

function astrayOf(fault: Fault, rank: number): { to?: number; length?: number } | null {
  if (fault.kind === 'wrong-peer' && fault.rank === rank) return { to: fault.to };
  if (fault.kind === 'wrong-length' && fault.rank === rank) return { length: fault.length };
  return null;
}

/** For longer than the deadline, until the others have given up: on a busy machine they may come late to it. */
function hang({ memory, timeoutMs }: ThreadOrder): void {
  const group = attachGroup(memory);
  sleep(timeoutMs + 100);
  for (let i = 0; i < 10 && group.worldSize > 1 && !isAborted(group); i++) sleep(timeoutMs);
}

/** Blocks the thread. */
function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
