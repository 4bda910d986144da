/** The same text on other ranks: what has to be equal, and what may differ. */

import type { Sampling } from '../../sampling/sampling.ts';
import { mostReadBytes } from './facts.ts';
import type { ModelParams } from './params.ts';
import type { FinishedRun, ModelState } from './state.ts';

/** Texts with the same key were asked for alike: only the ranks and their devices may differ. */
export function keyOf(
  { model, weights, context, prompt, tokens, stopWords }: ModelParams,
  sampling: Sampling,
): string {
  return JSON.stringify([model, weights, context, prompt, tokens, stopWords, sampling]);
}

/** A text that came to its end, as it is compared; null where it is none alone, but a talk. */
export function finishedRun(
  { turns, params, loaded }: Pick<ModelState, 'turns' | 'params' | 'loaded'>,
  sampling: Sampling,
): FinishedRun | null {
  const [first] = turns;
  if (turns.length !== 1 || first?.figures == null || loaded === null) return null;
  return {
    key: keyOf({ ...params, prompt: first.prompt }, sampling),
    ranks: loaded.worldSize,
    devices: loaded.devices,
    placement: loaded.placement,
    algorithm: params.algorithm,
    context: first.context,
    ids: first.tokens.map(({ id }) => id),
    choices: first.tokens.map(({ id, candidates: [likeliest] }) => likeliest?.id ?? id),
    texts: first.tokens.map(({ text }) => text),
    figures: first.figures,
    memory: loaded.memory,
    readBytes: mostReadBytes(loaded),
  };
}

/** The same text as the weights that are stored wrote it; null where they did not. */
export function storedRun(
  runs: readonly FinishedRun[],
  params: ModelParams,
  sampling: Sampling,
): FinishedRun | null {
  const key = keyOf({ ...params, weights: 'stored' }, sampling);
  return runs.find((run) => run.key === key) ?? null;
}

/** Of more texts than these are worth, the oldest go: each is kept with all of its tokens. */
const MOST_RUNS = 48;

/**
 * With a run more, which stands with those of its text, in the order of ranks, behind those of others; one on the same
 * ranks and devices, summed in the same way, takes the place of the old one.
 */
export function withRun(runs: readonly FinishedRun[], run: FinishedRun): FinishedRun[] {
  const others = runs.filter(({ key }) => key !== run.key);
  const alike = runs.filter(
    (one) => one.key === run.key && (one.ranks !== run.ranks || kindOf(one) !== kindOf(run)),
  );
  const inOrder = [...alike, run].sort((a, b) => a.ranks - b.ranks || kindOf(a).localeCompare(kindOf(b)));
  return [...others, ...inOrder].slice(-MOST_RUNS);
}

/** "cpu", "webgpu", "webgpu by ring", "webgpu on one-device", where the algorithm is none. */
export function kindOf({
  devices,
  placement,
  algorithm,
}: Pick<FinishedRun, 'devices' | 'placement' | 'algorithm'>): string {
  const kinds = [...new Set(devices.map(({ kind }) => kind))].join('+');
  if (placement !== 'worker') return `${kinds} on ${placement}`;
  return algorithm === 'auto' ? kinds : `${kinds} by ${algorithm}`;
}

/** The first token in which two texts differ; null where they are the same. */
export function firstDifference(a: readonly number[], b: readonly number[]): number | null {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return i;
  return null;
}
