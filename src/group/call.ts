/** What a rank says of the collective it enters, so that its neighbours can tell whether they mean the same one. */

import { ALGORITHMS, type Algorithm } from '../collectives/algorithm.ts';
import { COLLECTIVES, type CollectiveKind, REDUCE_OPS, type ReduceOp } from '../collectives/kinds.ts';
import { raise } from './counter.ts';
import { CONTROL, type GroupMemory } from './memory.ts';

export interface Call {
  /** Counts the collectives of a rank from 0. */
  readonly seq: number;
  readonly kind: CollectiveKind;
  readonly algorithm: Algorithm;
  /** null where nothing is reduced. */
  readonly op: ReduceOp | null;
  /** Elements of the whole buffer. */
  readonly length: number;
  /** Of a broadcast; else 0. */
  readonly root: number;
  /** A hash of the chunk lengths, which must agree too. */
  readonly chunksHash: number;
}

const KINDS: readonly CollectiveKind[] = [...COLLECTIVES, 'barrier'];

/** Words of a record. */
const WORD = { seq: 0, kind: 1, algorithm: 2, op: 3, length: 4, root: 5, chunksHash: 6, address: 7 } as const;
const RECORD_WORDS = 8;

/** A rank may be a call ahead of one that has yet to see that the two differ: so its record is kept that long. */
function recordOf(group: GroupMemory, rank: number, seq: number): number {
  return group.controlIndex(rank, CONTROL.call) + RECORD_WORDS * (seq & 1);
}

/**
 * Publishes the record and then counts the call as entered.
 * @param address byte offset of the rank's data where the others read it in place; 0 where they read its window.
 */
export function enterCall(group: GroupMemory, rank: number, call: Call, address: number): void {
  const { words } = group;
  const at = recordOf(group, rank, call.seq);
  words[at + WORD.seq] = call.seq;
  words[at + WORD.kind] = KINDS.indexOf(call.kind);
  words[at + WORD.algorithm] = ALGORITHMS.indexOf(call.algorithm);
  words[at + WORD.op] = call.op === null ? -1 : REDUCE_OPS.indexOf(call.op);
  words[at + WORD.length] = call.length;
  words[at + WORD.root] = call.root;
  words[at + WORD.chunksHash] = call.chunksHash;
  words[at + WORD.address] = address;
  raise(group, rank, group.controlIndex(rank, CONTROL.entered), call.seq + 1);
}

/** How many calls a rank has entered. */
export function callsEntered(group: GroupMemory, rank: number): number {
  return Atomics.load(group.words, group.controlIndex(rank, CONTROL.entered));
}

/**
 * What a rank entered; null before its first call.
 * @param seq of the call: its last one, or that before it
 */
export function readCall(group: GroupMemory, rank: number, seq = callsEntered(group, rank) - 1): Call | null {
  if (seq < 0) return null;
  const { words } = group;
  const at = recordOf(group, rank, seq);
  const word = (index: number): number => words[at + index] ?? 0;
  return {
    seq: word(WORD.seq),
    kind: KINDS[word(WORD.kind)] ?? 'barrier',
    algorithm: ALGORITHMS[word(WORD.algorithm)] ?? 'ring',
    op: REDUCE_OPS[word(WORD.op)] ?? null,
    length: word(WORD.length),
    root: word(WORD.root),
    chunksHash: word(WORD.chunksHash),
  };
}

/** Where a rank's data of a call lies: a byte offset, or 0 for its window. */
export function addressOf(group: GroupMemory, rank: number, seq: number): number {
  return (group.words[recordOf(group, rank, seq) + WORD.address] ?? 0) >>> 0; // up to 4 GiB
}

export function sameCall(a: Call, b: Call): boolean {
  return (
    a.seq === b.seq &&
    a.kind === b.kind &&
    a.algorithm === b.algorithm &&
    a.op === b.op &&
    a.length === b.length &&
    a.root === b.root &&
    a.chunksHash === b.chunksHash
  );
}

/** For people: "all_reduce #3 (sum, 1000 floats, ring)". */
export function describeCall(call: Call): string {
  const details = [
    ...(call.op === null ? [] : [call.op]),
    ...(call.kind === 'barrier' ? [] : [`${call.length} floats`]),
    ...(call.kind === 'broadcast' ? [`from rank ${call.root}`] : []),
    ...(call.kind === 'all_reduce' ? [call.algorithm] : []),
  ];
  return `${call.kind} #${call.seq}${details.length > 0 ? ` (${details.join(', ')})` : ''}`;
}

/** FNV-1a over the chunk lengths. */
export function hashChunks(lengths: readonly number[]): number {
  let hash = 0x811c9dc5;
  for (const length of lengths) hash = Math.imul(hash ^ length, 0x01000193);
  return hash | 0;
}
