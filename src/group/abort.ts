/** How a group ends before its time: one word in shared memory, set once, that frees every rank from every wait. */

import { LabError } from '../base/errors.ts';
import { callsEntered, describeCall, readCall } from './call.ts';
import { CONTROL, type GroupMemory, HEADER, MAILBOX } from './memory.ts';

export type AbortReason =
  | { readonly kind: 'closed' }
  /** Everything stood still for longer than a rank may wait. */
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'rank-failed'; readonly rank: number }
  /**
   * deadline: `rank` did not arrive; `other` waited for it, in a collective or for a message, be it through others.
   * deadlock: `other` waited for `rank`, from which a chain of waits runs into a circle.
   */
  | {
      readonly kind: 'deadline' | 'deadlock';
      readonly rank: number;
      readonly other: number;
      readonly during: 'call' | 'message';
    }
  /** mismatch: the two called different collectives. refused: `other` waited for `rank`, which had refused its input. */
  | { readonly kind: 'mismatch' | 'refused'; readonly rank: number; readonly other: number };

const MESSAGE_BIT = 1 << 24;
const KINDS = [
  'closed',
  'interrupted',
  'rank-failed',
  'deadline',
  'deadlock',
  'mismatch',
  'refused',
] as const satisfies readonly AbortReason['kind'][];

/** Sets the reason, unless there is one already, and wakes every rank that waits. Any thread may call it. */
export function abortGroup(group: GroupMemory, reason: AbortReason): void {
  const { words, worldSize } = group;
  // All of it is packed into the one word that is exchanged, so that a reason is never seen half written.
  const rank = 'rank' in reason ? reason.rank : 0;
  const other = 'other' in reason ? reason.other : 0;
  const message = 'during' in reason && reason.during === 'message' ? MESSAGE_BIT : 0;
  const code = (KINDS.indexOf(reason.kind) + 1) | (rank << 8) | (other << 16) | message;
  Atomics.compareExchange(words, HEADER.abort, 0, code);
  for (let from = 0; from < worldSize; from++) {
    Atomics.notify(words, group.controlIndex(from, CONTROL.tickets));
    Atomics.notify(words, group.controlIndex(from, CONTROL.entered));
    for (let to = 0; to < worldSize; to++) {
      Atomics.notify(words, group.mailboxIndex(from, to, MAILBOX.sent));
      Atomics.notify(words, group.mailboxIndex(from, to, MAILBOX.taken));
    }
  }
}

export function isAborted(group: GroupMemory): boolean {
  return Atomics.load(group.words, HEADER.abort) !== 0;
}

export function abortReason(group: GroupMemory): AbortReason | null {
  const code = Atomics.load(group.words, HEADER.abort);
  if (code === 0) return null;
  const kind = KINDS[(code & 0xff) - 1] ?? 'closed';
  const rank = (code >> 8) & 0xff;
  const other = (code >> 16) & 0xff;
  switch (kind) {
    case 'closed':
    case 'interrupted':
      return { kind };
    case 'rank-failed':
      return { kind, rank };
    case 'deadline':
    case 'deadlock':
      return { kind, rank, other, during: (code & MESSAGE_BIT) === 0 ? 'call' : 'message' };
    case 'mismatch':
    case 'refused':
      return { kind, rank, other };
    default:
      return kind satisfies never;
  }
}

/** The reason as the error that every rank throws; it reads the ranks' call records to say who called what. */
export function abortError(group: GroupMemory, timeoutMs: number): LabError {
  const reason = abortReason(group);
  if (reason === null) return new LabError('closed', 'The group is not aborted.');
  const waited = (rank: number, whom: string, during: 'call' | 'message'): string => {
    const call = readCall(group, rank);
    const what = call === null || during === 'message' ? 'send or recv' : describeCall(call);
    return `rank ${rank} waited ${timeoutMs} ms${whom && ` for ${whom}`} in ${what}`;
  };
  switch (reason.kind) {
    case 'closed':
      return new LabError('closed', 'The group was closed while a rank was at work.');
    case 'interrupted':
      return interruption(timeoutMs);
    case 'rank-failed':
      return new LabError('rank-failed', `Rank ${reason.rank} failed, and the others were freed.`, {
        rank: reason.rank,
      });
    case 'deadline': {
      const missing = readCall(group, reason.rank);
      const where =
        missing === null ? 'it has called no collective' : `its last call was ${describeCall(missing)}`;
      return new LabError(
        'deadline',
        `Rank ${reason.rank} did not arrive: ${waited(reason.other, 'it', reason.during)}; ${where}.`,
        { rank: reason.rank },
      );
    }
    case 'deadlock':
      return new LabError(
        'deadline',
        `The ranks wait for each other, ${circleFrom(group, reason.other)}; ${waited(reason.other, '', reason.during)}.`,
        { rank: reason.rank },
      );
    case 'refused':
      return new LabError(
        'input',
        `Rank ${reason.rank} refused its input, and rank ${reason.other}, which had not, waited for it.`,
        { rank: reason.rank },
      );
    case 'mismatch': {
      const [a, b] = [reason.rank, reason.other];
      // Who was first has perhaps entered another call since.
      const seq = Math.min(callsEntered(group, a), callsEntered(group, b)) - 1;
      const call = (rank: number): string => {
        const record = readCall(group, rank, seq);
        return record === null ? 'nothing' : describeCall(record);
      };
      return new LabError(
        'mismatch',
        `The ranks called different collectives: rank ${a} called ${call(a)}, but rank ${b} called ${call(b)}. ` +
          'All ranks must make the same calls in the same order.',
        { rank: a },
      );
    }
    default:
      return reason satisfies never;
  }
}

/** "rank 0 for rank 1, rank 1 for rank 0": of a group that has ended, where all stand as they waited. */
function circleFrom(group: GroupMemory, start: number): string {
  const awaited = (rank: number): number =>
    Atomics.load(group.words, group.controlIndex(rank, CONTROL.waitsFor)) - 1;
  const chain: number[] = [];
  let rank = start;
  for (; rank >= 0 && !chain.includes(rank); rank = awaited(rank)) chain.push(rank);
  const circle = chain.slice(Math.max(0, chain.indexOf(rank))); // it may begin behind who noticed it
  return circle
    .filter((one) => awaited(one) >= 0)
    .map((one) => `rank ${one} for rank ${awaited(one)}`)
    .join(', ');
}

/** Nobody is to blame for what a sleeping machine did not do. */
export function interruption(timeoutMs: number): LabError {
  return new LabError(
    'interrupted',
    `The machine slept, or the browser stood still, for longer than a rank may wait (${timeoutMs} ms). ` +
      'No rank is to blame: run it again.',
  );
}
