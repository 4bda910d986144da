/** How a group ends before its time: one word in shared memory, set once, that frees every rank from every wait. */

import { LabError } from '../base/errors.ts';
import { describeCall, readCall } from './call.ts';
import { CONTROL, type GroupMemory, HEADER, MAILBOX } from './memory.ts';

export type AbortReason =
  | { readonly kind: 'closed' }
  | { readonly kind: 'rank-failed'; readonly rank: number }
  /** `rank` did not arrive; `other` waited for it, in a collective or for its message. */
  | {
      readonly kind: 'deadline';
      readonly rank: number;
      readonly other: number;
      readonly during: 'call' | 'message';
    }
  | { readonly kind: 'mismatch'; readonly rank: number; readonly other: number };

const MESSAGE_BIT = 1 << 24;
const KINDS = ['closed', 'rank-failed', 'deadline', 'mismatch'] as const;

/** Sets the reason, unless there is one already, and wakes every rank that waits. Any thread may call it. */
export function abortGroup(group: GroupMemory, reason: AbortReason): void {
  const { words, worldSize } = group;
  // All of it is packed into the one word that is exchanged, so that a reason is never seen half written.
  const rank = 'rank' in reason ? reason.rank : 0;
  const other = 'other' in reason ? reason.other : 0;
  const message = reason.kind === 'deadline' && reason.during === 'message' ? MESSAGE_BIT : 0;
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
      return { kind };
    case 'rank-failed':
      return { kind, rank };
    case 'deadline':
      return { kind, rank, other, during: (code & MESSAGE_BIT) === 0 ? 'call' : 'message' };
    case 'mismatch':
      return { kind, rank, other };
    default:
      return kind satisfies never;
  }
}

/** The reason as the error that every rank throws; it reads the ranks' call records to say who called what. */
export function abortError(group: GroupMemory, timeoutMs: number): LabError {
  const reason = abortReason(group);
  if (reason === null) return new LabError('closed', 'The group is not aborted.');
  switch (reason.kind) {
    case 'closed':
      return new LabError('closed', 'The group was closed while a rank was at work.');
    case 'rank-failed':
      return new LabError('rank-failed', `Rank ${reason.rank} failed, and the others were freed.`, {
        rank: reason.rank,
      });
    case 'deadline': {
      const waiting = readCall(group, reason.other);
      const missing = readCall(group, reason.rank);
      const where =
        missing === null ? 'it has called no collective' : `its last call was ${describeCall(missing)}`;
      const what = waiting === null || reason.during === 'message' ? 'send or recv' : describeCall(waiting);
      return new LabError(
        'deadline',
        `Rank ${reason.rank} did not arrive: rank ${reason.other} waited ${timeoutMs} ms for it in ${what}; ${where}.`,
        { rank: reason.rank },
      );
    }
    case 'mismatch': {
      const [a, b] = [reason.rank, reason.other];
      const call = (rank: number): string => {
        const record = readCall(group, rank);
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
