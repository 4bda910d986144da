/**
 * send and recv. Each ordered pair of ranks has a mailbox for one letter: a message of one letter is posted without
 * waiting where the box is empty; otherwise, and for the further letters of a longer one, the sender waits until the
 * receiver has taken the letter before.
 */

import { LabError } from '../base/errors.ts';
import { now, type Recorder } from '../base/trace.ts';
import { abortError, abortGroup, isAborted } from '../group/abort.ts';
import { raise } from '../group/counter.ts';
import { type GroupMemory, MAILBOX } from '../group/memory.ts';
import { waitFor } from './wait.ts';

export class Mailbox {
  readonly #group: GroupMemory;
  readonly #rank: number;
  readonly #recorder: Recorder;
  readonly #timeoutMs: number;

  constructor(group: GroupMemory, rank: number, recorder: Recorder, timeoutMs: number) {
    this.#group = group;
    this.#rank = rank;
    this.#recorder = recorder;
    this.#timeoutMs = timeoutMs;
  }

  /** Returns once the last letter is posted. */
  send(data: Float32Array, to: number): void {
    this.#checkPeer('send to', to);
    const startMs = now();
    const { words } = this.#group;
    const letter = this.#group.letter(this.#rank, to);
    const box = (word: number): number => this.#group.mailboxIndex(this.#rank, to, word);
    let at = 0;
    do {
      const end = Math.min(data.length, at + letter.length);
      const sent = Atomics.load(words, box(MAILBOX.sent));
      this.#await(to, box(MAILBOX.taken), sent);
      letter.set(data.subarray(at, end));
      words[box(MAILBOX.letterLength)] = end - at;
      words[box(MAILBOX.messageLength)] = data.length;
      raise(this.#group, this.#rank, box(MAILBOX.sent), (sent + 1) | 0);
      at = end;
    } while (at < data.length);
    const bytes = data.length * 4;
    this.#recorder.add({ kind: 'message', direction: 'send', peer: to, startMs, endMs: now(), bytes });
  }

  /** Fills `data` with the next message of rank `from`, which must be exactly as long. */
  recv(data: Float32Array, from: number): void {
    this.#checkPeer('recv from', from);
    const startMs = now();
    const { words } = this.#group;
    const letter = this.#group.letter(from, this.#rank);
    const box = (word: number): number => this.#group.mailboxIndex(from, this.#rank, word);
    let at = 0;
    do {
      const taken = Atomics.load(words, box(MAILBOX.taken));
      this.#await(from, box(MAILBOX.sent), (taken + 1) | 0);
      const messageLength = words[box(MAILBOX.messageLength)] ?? 0;
      if (messageLength !== data.length) {
        abortGroup(this.#group, { kind: 'rank-failed', rank: this.#rank });
        throw new LabError(
          'mismatch',
          `Rank ${from} sent ${messageLength} floats to rank ${this.#rank}, which waits for ${data.length}.`,
          { rank: this.#rank },
        );
      }
      const length = words[box(MAILBOX.letterLength)] ?? 0;
      data.set(letter.subarray(0, length), at);
      raise(this.#group, this.#rank, box(MAILBOX.taken), (taken + 1) | 0);
      at += length;
    } while (at < data.length);
    const bytes = data.length * 4;
    this.#recorder.add({ kind: 'message', direction: 'recv', peer: from, startMs, endMs: now(), bytes });
  }

  #checkPeer(verb: string, peer: number): void {
    const { worldSize } = this.#group;
    if (Number.isInteger(peer) && peer >= 0 && peer < worldSize && peer !== this.#rank) return;
    throw new LabError(
      'input',
      `Rank ${this.#rank} cannot ${verb} rank ${peer}: there are ranks 0 to ${worldSize - 1}, and not itself.`,
    );
  }

  #await(peer: number, index: number, target: number): void {
    const [rank, timeoutMs] = [this.#rank, this.#timeoutMs];
    if (isAborted(this.#group)) throw abortError(this.#group, timeoutMs);
    waitFor(this.#group, { rank, peer, index, target, timeoutMs, during: 'message' });
  }
}
