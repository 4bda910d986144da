/** What is known of a codebase that cuts models over ranks: where its rule was read, and how to ask it. */

import type { CountedModel, QuantizationFacts } from '../model/parts.ts';
import type { CutSizes } from './cutSizes.ts';

export type CodebaseId =
  | 'vllm'
  | 'sglang'
  | 'megatron'
  | 'transformers'
  | 'llama.cpp'
  | 'distributed-llama'
  | 'deepseek'
  | 'ringside';

/** A model, as far as it matters here; made once for all degrees. */
export interface Subject {
  readonly model: CountedModel;
  readonly sizes: CutSizes;
  readonly layers: number;
  readonly quantization: QuantizationFacts | null;
  /** Each rank has whole experts, in place of a slice of each. */
  readonly expertParallel: boolean;
}

/**
 * What an objection is about. `blocks`: numbers that share a scale of quantisation are cut apart. `checkpoint`: its files
 * cannot be read, or not so. `count`: it takes no such number of ranks.
 */
export type Cause = 'heads' | 'widths' | 'vocabulary' | 'experts' | 'blocks' | 'checkpoint' | 'count';

export interface Objection {
  readonly cause: Cause;
  /** With the numbers, without a full stop. */
  readonly reason: string;
  /** What to do about this one, beside what helps against its cause. */
  readonly ways?: readonly string[];
}

export interface Codebase {
  readonly id: CodebaseId;
  readonly label: string;
  /** In one sentence, without a full stop. */
  readonly rule: string;
  /** Tag or commit that it was read from. */
  readonly version: string;
  /** The files that say so: "vllm/config/model.py". */
  readonly read: readonly string[];
  /** Why it does not run the model on any number of ranks; null where it does. */
  readonly lacks: (model: CountedModel) => string | null;
  readonly objections: (subject: Subject, p: number) => readonly Objection[];
  /** Where it runs: what it costs, or asks for. */
  readonly remarks?: (subject: Subject, p: number) => readonly string[];
  /** The options that deal out whole experts to p ranks; null where there are none. */
  readonly wholeExperts: ((p: number) => string) | null;
  /** The option that cuts between layers, into so many stages; null where there is none. */
  readonly pipeline: ((stages: number) => string) | null;
}

/** Reasons of one cause. */
export function because(cause: Cause, reasons: readonly string[]): Objection[] {
  return reasons.map((reason) => ({ cause, reason }));
}
