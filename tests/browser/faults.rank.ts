/** A rank that does what a rank should not, for the tests of how a group ends. */

import { LabError, type RankContext, serve } from '../../src/rank/index.ts';

/** What a program may throw though it is no Error. */
const THROWN = {
  undefined: () => undefined,
  symbol: () => Symbol('odd'),
  'bare object': () => Object.create(null) as object,
  nest: () => nest(10_000),
  DOMException: () => new DOMException('', 'AbortError'),
  interruption: () => new LabError('interrupted', 'The machine slept.'),
  'Error of odd parts': () => Object.assign(new Error('odd'), { message: { a: 1 }, stack: () => 'stack' }),
} as const satisfies Record<string, () => unknown>;

export type Thrown = keyof typeof THROWN;

export interface FaultsProgram {
  /** The sum of `value` over the ranks. */
  sum(value: number): Promise<number>;
  throwOn(rank: number, what: Thrown): Promise<void>;
  /** Throws in a timer or a promise that nobody awaits, while every rank waits. */
  throwAsideOn(rank: number, where: 'timer' | 'promise', message: string): Promise<void>;
  /** The same, once the call is over. */
  throwAfterwardsOn(rank: number, where: 'timer' | 'promise', message: string): Promise<void>;
  /** Something that cannot be sent. */
  returnFunction(): Promise<unknown>;
  take(value: unknown): Promise<void>;
  /** Refuses its input on these ranks, after so many barriers; the others make one barrier more. */
  refuse(on: readonly number[], barriers: number): Promise<string>;
  /** Refuses on every rank, rank 0 after it has sent a letter that nobody takes. */
  refuseAfterLetter(): Promise<void>;
  /** Refuses on one rank; the others do nothing. */
  refuseOn(rank: number): Promise<string>;
}

serve(({ rank, worldSize, comm }: RankContext): FaultsProgram => {
  if (self.name === 'rejects late') void Promise.reject(new RangeError('boom'));
  const throwAside = (where: 'timer' | 'promise', message: string): void => {
    const fail = (): never => {
      throw new RangeError(message);
    };
    if (where === 'timer') setTimeout(fail, 5);
    else void Promise.resolve().then(fail);
  };
  const refusal = (): LabError => new LabError('input', `Rank ${rank} wants no such thing.`);
  return {
    async sum(value) {
      const data = new Float32Array([value]);
      await comm.allReduce(data);
      return data[0] ?? Number.NaN;
    },

    async throwOn(who, what) {
      if (rank === who) throw THROWN[what]();
      await comm.barrier();
    },

    async throwAsideOn(who, where, message) {
      if (rank === who) throwAside(where, message);
      await new Promise(() => {});
    },

    async throwAfterwardsOn(who, where, message) {
      // Long after its answer is on its way: an error that is told beside it may come first.
      if (rank === who) setTimeout(throwAside, 50, where, message);
    },

    async returnFunction() {
      return { f: () => rank };
    },

    async take() {
      await comm.barrier();
    },

    async refuse(on, barriers) {
      for (let i = 0; i < barriers; i++) await comm.barrier();
      if (on.includes(rank)) throw refusal();
      await comm.barrier();
      return 'done';
    },

    async refuseAfterLetter() {
      if (rank === 0) await comm.send(new Float32Array(1), worldSize - 1);
      throw refusal();
    },

    async refuseOn(who) {
      if (rank === who) throw refusal();
      return 'done';
    },
  };
});

// Before it has a place, where its worker is named so.
if (self.name === 'throws') throw new RangeError('boom');
if (self.name === 'rejects') void Promise.reject(new RangeError('boom'));

function nest(depth: number): object {
  let value: object = {};
  for (let i = 0; i < depth; i++) value = { value };
  return value;
}
