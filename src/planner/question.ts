/** What is asked: a model, on some machines, under some load. */

import type { Machine } from '../machines/fabrics.ts';
import type { CountedModel } from './model/parts.ts';
import { type BatchPass, EFFICIENCY, type Efficiency, type PassTime, passTime } from './pass.ts';

/** What the model is to do. */
export interface Load {
  readonly work: 'serve' | 'train';
  /** At once, of all copies together; in training, of a step. */
  readonly sequences: number;
  /** Tokens of each that are there before the first is generated; in training, all. */
  readonly prompt: number;
  /** Tokens of each that are generated. In training 0. */
  readonly answer: number;
  /** Bytes of a number in the cache. */
  readonly cacheBytes: number;
}

export interface Question {
  readonly model: CountedModel;
  readonly machine: Machine;
  readonly load: Load;
  /** Default: {@link EFFICIENCY}. */
  readonly efficiency?: Efficiency;
}

/** {@link passTime} of a question's model on its machine. */
export type TimeOf = (pass: BatchPass) => PassTime;

/** Layouts have many passes in common: each is worked out once. */
export function rememberedTimes({ model, machine, efficiency = EFFICIENCY }: Question): TimeOf {
  const known = new Map<string, PassTime>();
  return (pass) => {
    const key = [pass.tensor, pass.expert, pass.sequences, pass.tokens, pass.context].join();
    const time = known.get(key) ?? passTime(model, machine, pass, efficiency);
    known.set(key, time);
    return time;
  };
}
