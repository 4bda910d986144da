/** What must have come of a case, said by the case alone. */

import type { Complaint } from '../report.ts';
import { callText } from '../steps.ts';
import type { ThreadCase } from './faults.ts';
import { isStruck, THROWN, type ThreadReport } from './runCase.ts';

/** How a rank ended: what it told; that it is gone; or that nothing was heard of it in time. */
export type Ending = ThreadReport | 'gone' | 'silent';

/** How a group has to end. */
interface Verdict {
  /** Of the error that frees a rank. */
  readonly codes: readonly string[];
  /** The ranks that it may name. */
  readonly names: readonly number[];
  /** What its message must say. */
  readonly says?: RegExp;
  /** A rank that cannot have come through. */
  readonly stuck: number | null;
}

export function judge(threadCase: ThreadCase, endings: readonly Ending[]): Complaint[] {
  const { fault } = threadCase;
  const verdict = verdictOf(threadCase);
  const complaints: Complaint[] = [];
  for (const [rank, ending] of endings.entries()) {
    const complain = (kind: Complaint['kind'], text: string): void => {
      complaints.push({ kind, text: `rank ${rank} ${text}` });
    };
    if (ending === 'silent') complain('hang', 'was not heard of in time');
    if (ending === 'gone' && !isStruck(fault, rank))
      complain('wrong name', 'is gone, and nothing had befallen it');
    if (ending === 'silent' || ending === 'gone') continue;
    for (const text of ending.wrong) complain('wrong result', `returned a wrong result: ${text}`);
    const { error } = ending;
    if (isStruck(fault, rank) && isOwnEnd(threadCase, ending)) continue;
    if (error === null) {
      if (!ending.finished) complain('wrong name', 'stopped, and nothing was wrong with it');
      if (verdict?.stuck === rank) complain('wrong name', 'finished, though it could not have');
      continue;
    }
    const told = `ended with ${error.code}, rank ${error.rank}: ${error.message}`;
    if (verdict === null) complain('wrong name', `${told}, but nothing was wrong`);
    else if (!verdict.codes.includes(error.code))
      complain('wrong name', `${told}; not ${verdict.codes.join(' or ')}`);
    else if (!namesOne(verdict, error.rank))
      complain('wrong name', `${told}; not rank ${verdict.names.join(' or ')}`);
    else if (verdict.says?.test(error.message) === false)
      complain('wrong name', `${told}; not ${verdict.says}`);
  }
  return complaints;
}

function namesOne({ names }: Verdict, rank: number | undefined): boolean {
  return rank === undefined ? names.length === 0 : names.includes(rank);
}

/** Whether the rank at fault ended in the way that is its own. */
function isOwnEnd({ fault, worldSize }: ThreadCase, { finished, error }: ThreadReport): boolean {
  switch (fault.kind) {
    case 'returns':
      return !finished && error === null;
    case 'throws':
      return fault.call === null ? error?.message === THROWN : error?.code === 'input';
    case 'hangs':
      return worldSize === 1 && finished;
    case 'wrong-peer':
    case 'wrong-length':
      return finished;
    default:
      return false;
  }
}

/** Null where all ranks must come through. */
function verdictOf(threadCase: ThreadCase): Verdict | null {
  const { fault, worldSize, steps } = threadCase;
  const next = (rank: number): number => (rank + 1) % worldSize;
  /** The rank that waits for one of these. */
  const behind = (ranks: readonly number[]): number | null =>
    ranks.map(next).find((rank) => !ranks.includes(rank)) ?? null;
  switch (fault.kind) {
    case 'none':
    case 'late':
    case 'refused':
      return null;
    case 'throws':
      return { codes: ['rank-failed'], names: fault.ranks, stuck: behind(fault.ranks) };
    case 'hangs':
      return { codes: ['deadline'], names: fault.ranks, stuck: behind(fault.ranks) };
    case 'returns':
    case 'exits':
    case 'terminated':
      return { codes: ['deadline'], names: [fault.rank], stuck: behind([fault.rank]) };
    case 'aborted':
      return { codes: ['closed'], names: [], stuck: 0 };
    case 'differs':
      return differing(threadCase, fault.rank, fault.steps);
    case 'wrong-peer': {
      // A message of several letters keeps its sender waiting for the wrong rank, which waits for the one before it, and
      // so on, back to the sender: a circle, of which nobody can tell where it began.
      const waits = (steps.at(-1)?.length ?? 0) * 4 > threadCase.mailboxBytes;
      const [from, to] = [fault.rank, fault.to];
      const between = (to - from + worldSize) % worldSize;
      const circle = Array.from({ length: between + 1 }, (_, i) => (from + i) % worldSize);
      return { codes: ['deadline'], names: waits ? circle : [from], stuck: next(from) };
    }
    case 'wrong-length': {
      const names = [fault.rank, next(fault.rank)];
      return { codes: ['mismatch', 'rank-failed'], names, stuck: next(fault.rank) };
    }
    default:
      return fault satisfies never;
  }
}

/** The first call in which the programs differ decides; a rank that has one more than the others waits in vain. */
function differing({ worldSize, steps }: ThreadCase, rank: number, own: ThreadCase['steps']): Verdict {
  const others = steps.map((step) => callText(step, worldSize));
  const calls = own.map((step) => callText(step, worldSize));
  const at = calls.findIndex((call, i) => call !== others[i]);
  const everybody = Array.from({ length: worldSize }, (_, each) => each);
  if (at === -1) return { codes: ['deadline'], names: [rank], stuck: (rank + 1) % worldSize };
  const name = others[at]?.split(' ')[0];
  if (name === undefined) {
    const names = everybody.filter((each) => each !== rank);
    return { codes: ['deadline'], names, stuck: rank };
  }
  const says = new RegExp(`rank ${rank} called ${calls[at]?.split(' ')[0]} #`);
  return { codes: ['mismatch'], names: everybody, says, stuck: (rank + 1) % worldSize };
}
