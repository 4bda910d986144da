/**
 * What a refused input does to a group. A rank that refuses what the page asked of it (a LabError `input`) leaves no
 * trace of its own. If all ranks refuse the same call, having done the same until then, they stand as they stood before
 * it, and the group lives. If one does what the other refuses, it will wait for it in vain: so the page has the refusing
 * rank mark itself, and who waits for a marked rank ends the group. Between two calls, when no rank works, the page takes
 * the marks back.
 */

import { isAborted } from './abort.ts';
import { CONTROL, type GroupMemory, MAILBOX } from './memory.ts';

/** Says that the rank will do no more of the present call. To be called by the rank, when it has done all it was sent. */
export function markRefused(group: GroupMemory, rank: number): void {
  Atomics.store(group.words, group.controlIndex(rank, CONTROL.refused), 1);
}

export function hasRefused(group: GroupMemory, rank: number): boolean {
  return Atomics.load(group.words, group.controlIndex(rank, CONTROL.refused)) === 1;
}

/**
 * Takes all marks back, if every rank has made as many collectives as every other and no letter lies about, so that the
 * next call finds the group as the first one did. To be called by the page, when no rank works.
 * @returns whether that is so
 */
export function forgetRefusals(group: GroupMemory): boolean {
  const { words, worldSize } = group;
  const ranks = Array.from({ length: worldSize }, (_, rank) => rank);
  const entered = ranks.map((rank) => Atomics.load(words, group.controlIndex(rank, CONTROL.entered)));
  const isDelivered = (from: number, to: number): boolean =>
    Atomics.load(words, group.mailboxIndex(from, to, MAILBOX.sent)) ===
    Atomics.load(words, group.mailboxIndex(from, to, MAILBOX.taken));
  const alike =
    !isAborted(group) &&
    entered.every((count) => count === entered[0]) &&
    ranks.every((from) => ranks.every((to) => isDelivered(from, to)));
  if (!alike) return false;
  for (const rank of ranks) Atomics.store(words, group.controlIndex(rank, CONTROL.refused), 0);
  return true;
}
