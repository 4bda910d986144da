/**
 * Forced decoding: the ranks are given a text token by token, whatever they would have written, and tell what they would
 * have gone on with. One token that is chosen otherwise does not change all that come behind it, as it does where a model
 * writes by itself.
 */

import { invariant } from '../../base/errors.ts';
import { extend } from './generate.ts';
import type { ModelRanks } from './ModelRanks.ts';

/** At how many tokens of a text two models have the same first choice. */
export interface Agreement {
  readonly same: number;
  readonly of: number;
}

/** @param choices of one, and of the other, at the same tokens */
export function agreementOf(choices: readonly number[], others: readonly number[]): Agreement {
  const of = Math.min(choices.length, others.length);
  const same = choices.slice(0, of).filter((id, at) => id === others[at]).length;
  return { same, of };
}

/**
 * In the place of each of these tokens, the one that would have been the likeliest.
 * @param seen tokens in the caches of the ranks; kept up to date
 * @param context at least one token
 * @throws LabError `input` where there is no room for them; as the ranks do
 */
export async function firstChoices(
  group: ModelRanks,
  seen: number[],
  context: readonly number[],
  tokens: readonly number[],
): Promise<number[]> {
  const ids = await behind(group, seen, context, tokens.slice(0, -1));
  const ranks = await group.all('firstChoices', ids);
  seen.push(...ids);
  const [first = []] = ranks;
  invariant(
    ranks.every((own) => own.join() === first.join()),
    () => `the ranks chose ${ranks.map((own) => own.join()).join(' and ')}`,
  );
  return first.slice(0, tokens.length);
}

/** All logits behind the context and behind each of these tokens, `[1 + tokens, vocab]`, from every rank. */
export async function logitsBehind(
  group: ModelRanks,
  seen: number[],
  context: readonly number[],
  tokens: readonly number[],
): Promise<Float32Array[]> {
  const ids = await behind(group, seen, context, tokens);
  const ranks = await group.all('logitsBehind', ids);
  seen.push(...ids);
  return ranks;
}

/** Has the caches hold the context but for its last token. @returns what is to be run then */
async function behind(
  group: ModelRanks,
  seen: number[],
  context: readonly number[],
  tokens: readonly number[],
): Promise<number[]> {
  const before = context.slice(0, -1);
  await extend(group, seen, before);
  await group.all('truncate', before.length);
  seen.length = before.length;
  return [...context.slice(-1), ...tokens];
}
