/** What to do where a codebase refuses a number of ranks. Each way was asked for in turn, and is not refused. */

import { listed } from '../../base/shown.ts';
import type { Codebase, Objection, Subject } from './codebase.ts';
import { unquantised, withGroups } from './subject.ts';

/** Numbers of ranks that are looked through. */
export const DEGREES: readonly number[] = Array.from({ length: 64 }, (_, index) => index + 1);

/** Sizes of groups that AWQ's and GPTQ's kernels take. */
const GROUPS = [128, 64, 32];

export interface Elsewhere {
  /** Numbers of ranks that the codebase takes, ascending. */
  readonly legal: readonly number[];
  /** Labels of other codebases that run the model on as many ranks. */
  readonly others: readonly string[];
}

/** @param objections not empty */
export function waysOut(
  codebase: Codebase,
  subject: Subject,
  p: number,
  objections: readonly Objection[],
  { legal, others }: Elsewhere,
): string[] {
  const helps = (changed: Subject): boolean => codebase.objections(changed, p).length === 0;
  const ways = [
    ...wholeExperts(codebase, subject, p, helps),
    ...otherBlocks(subject, objections, helps),
    ...otherCheckpoint(codebase, subject, p, objections, legal),
    ...otherDegrees(p, legal),
    ...stages(codebase, subject, p, legal),
    ...(others.length === 0 ? [] : [`${listed(others)}: ${others.length === 1 ? 'runs' : 'run'} it on ${p}`]),
  ];
  return [...new Set(ways)];
}

function wholeExperts(
  { wholeExperts: options }: Codebase,
  subject: Subject,
  p: number,
  helps: (changed: Subject) => boolean,
): string[] {
  if (options === null || subject.sizes.experts === null || subject.expertParallel || p === 1) return [];
  return helps({ ...subject, expertParallel: true })
    ? [`expert parallelism, whole experts on each rank (${options(p)})`]
    : [];
}

/** Groups that fit, or no blocks at all. */
function otherBlocks(
  subject: Subject,
  objections: readonly Objection[],
  helps: (changed: Subject) => boolean,
): string[] {
  const block = subject.quantization?.block ?? null;
  if (block === null || !objections.some(({ cause }) => cause === 'blocks')) return [];
  if (block.rows === 1) {
    const group = GROUPS.find((size) => size < block.cols && helps(withGroups(subject, size)));
    if (group !== undefined) return [`a checkpoint quantised in groups of ${group}`];
  }
  return helps(unquantised(subject)) ? ['the unquantised checkpoint, which has no blocks'] : [];
}

/** What an objection says of itself, where nothing else is in the way; or where fewer or more ranks have nothing else. */
function otherCheckpoint(
  codebase: Codebase,
  subject: Subject,
  p: number,
  objections: readonly Objection[],
  legal: readonly number[],
): string[] {
  if (objections.length === 1) return [...(objections[0]?.ways ?? [])];
  const [own] = objections.find(({ cause }) => cause === 'checkpoint')?.ways ?? [];
  const never = legal.length === 0 && subject.quantization !== null; // what is quantised fits no number of ranks
  const way = own ?? (never ? 'the unquantised checkpoint' : undefined);
  if (way === undefined) return [];
  const plain = unquantised(subject);
  const takes = (degree: number): boolean => codebase.objections(plain, degree).length === 0;
  if (takes(p)) return [way];
  return otherDegrees(p, DEGREES.filter(takes)).map((ranks) => `${way}, on ${ranks}`);
}

/** The nearest below and above. */
function otherDegrees(p: number, legal: readonly number[]): string[] {
  const near = [legal.findLast((degree) => degree < p), legal.find((degree) => degree > p)].filter(
    (degree) => degree !== undefined,
  );
  if (near.length === 0) return [];
  return [near.length === 1 && near[0] === 1 ? '1 rank' : `${near.join(' or ')} ranks`];
}

/** As many GPUs: fewer ranks that cut each layer, and stages of a pipeline. */
function stages({ pipeline }: Codebase, { layers }: Subject, p: number, legal: readonly number[]): string[] {
  const tensor = legal.findLast((degree) => degree < p && p % degree === 0 && p / degree <= layers);
  if (pipeline === null || tensor === undefined) return [];
  return [`TP ${tensor} × PP ${p / tensor} on the same ${p} (${pipeline(p / tensor)})`];
}
