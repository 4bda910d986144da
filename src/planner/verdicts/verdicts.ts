/**
 * Who runs a model on how many tensor-parallel ranks, why not, and what to do about it: in seven codebases that others use,
 * each as its sources say, and here.
 */

import type { CountedModel } from '../model/parts.ts';
import type { Codebase, CodebaseId, Subject } from './codebase.ts';
import { deepseek } from './deepseek.ts';
import { distributedLlama } from './distributedLlama.ts';
import { llamaCpp } from './llamaCpp.ts';
import { megatron } from './megatron.ts';
import { ringside } from './ringside.ts';
import { sglang, vllm } from './servingEngines.ts';
import { subjectOf } from './subject.ts';
import { transformers } from './transformers.ts';
import { DEGREES, waysOut } from './waysOut.ts';

export interface Verdict {
  /** Null where the codebase does not run the model's architecture, on any number of ranks. */
  readonly ok: boolean | null;
  /** Why not; or where it runs and wastes something, what. A sentence each, with the numbers, without a full stop. */
  readonly reasons: readonly string[];
  /** What to do instead, the most telling first; none where it runs. Likewise without a full stop. */
  readonly ways: readonly string[];
}

export type Verdicts = Readonly<Record<CodebaseId, Verdict>>;

export interface VerdictOptions {
  /** Whole experts on each rank, where a codebase has that. Default: each expert is cut, as their defaults are. */
  readonly expertParallel?: boolean;
}

export const CODEBASES: readonly Codebase[] = [
  vllm,
  sglang,
  megatron,
  transformers,
  llamaCpp,
  distributedLlama,
  deepseek,
  ringside,
];

/** What a way out leads to: engines that serve. */
const SERVING: ReadonlySet<CodebaseId> = new Set([
  'vllm',
  'sglang',
  'transformers',
  'llama.cpp',
  'distributed-llama',
]);

/** @param p a whole number from 1 */
export function verdictsOf(model: CountedModel, p: number, options: VerdictOptions = {}): Verdicts {
  const entries = CODEBASES.map((codebase) => [codebase.id, verdictOf(codebase, model, p, options)]);
  return Object.fromEntries(entries) as Verdicts;
}

function verdictOf(codebase: Codebase, model: CountedModel, p: number, options: VerdictOptions): Verdict {
  const lacks = codebase.lacks(model);
  if (lacks !== null) return { ok: null, reasons: [lacks], ways: [] };
  const subject = asked(model, options);
  const objections = codebase.objections(subject, p);
  if (objections.length === 0) return { ok: true, reasons: codebase.remarks?.(subject, p) ?? [], ways: [] };
  const others = CODEBASES.filter(({ id }) => id !== codebase.id && SERVING.has(id))
    .filter((other) => legalDegrees(other, model, options).includes(p))
    .map(({ label }) => label);
  const elsewhere = { legal: legalDegrees(codebase, model, options), others };
  return {
    ok: false,
    reasons: objections.map(({ reason }) => reason),
    ways: waysOut(codebase, subject, p, objections, elsewhere),
  };
}

function asked(model: CountedModel, { expertParallel = false }: VerdictOptions): Subject {
  const subject = subjectOf(model);
  return expertParallel ? { ...subject, expertParallel } : subject;
}

const found = new WeakMap<CountedModel, Map<string, readonly number[]>>();

/** Of 1 to 64, ascending; none where the codebase lacks the architecture. Found once for each model. */
export function legalDegrees(
  codebase: Codebase,
  model: CountedModel,
  options: VerdictOptions = {},
): readonly number[] {
  const ofModel = found.get(model) ?? new Map<string, readonly number[]>();
  found.set(model, ofModel);
  const key = `${codebase.id} ${options.expertParallel ?? false}`;
  const before = ofModel.get(key);
  if (before !== undefined) return before;
  const subject = asked(model, options);
  const legal =
    codebase.lacks(model) === null ? DEGREES.filter((p) => codebase.objections(subject, p).length === 0) : [];
  ofModel.set(key, legal);
  return legal;
}
