/** Has the ranks go on with a context, and makes text of what they draw. */

import type { Spent } from '../../protocol.ts';
import type { Sampling } from '../../sampling/sampling.ts';
import { type Wanted, wantedLogits } from '../../sampling/top.ts';
import { ahead, drawBursts } from './bursts.ts';
import type { ModelFolder } from './folder.ts';
import type { ModelRanks } from './ModelRanks.ts';
import { StopWords } from './stopWords.ts';
import type { TextAway } from './textAway.ts';
import { tailOf } from './textStream.ts';

/** A model that the ranks have loaded. */
export interface LoadedModel {
  readonly folder: ModelFolder;
  readonly text: TextAway;
  /** The longest sequence. */
  readonly positions: number;
}

export interface GenerateOptions {
  /** New tokens at most. Default: as many as there is room for. */
  readonly count?: number;
  /** Default: as the model's makers recommend. */
  readonly sampling?: Sampling;
  /** Words that end the text, and are no part of it. */
  readonly stopWords?: readonly string[];
  /** How many of the likeliest tokens are told along with each. Default 0. */
  readonly candidates?: number;
  /** Whether each rank tells where its time went. Default false, for it costs some of it. */
  readonly traced?: boolean;
  /** Ends the text at the next token. */
  readonly signal?: AbortSignal;
}

export type Ending =
  /** As many tokens as were asked for. */
  | 'count'
  /** A token by which the model says that it is done. */
  | 'stop token'
  | 'stop word'
  /** There is no room for more. */
  | 'context'
  /** The signal. */
  | 'stopped';

/** A token that might have come. */
export interface ShownCandidate {
  readonly id: number;
  readonly text: string;
  readonly probability: number;
}

export type Generated =
  /** The context was run. */
  | {
      readonly kind: 'prefill';
      readonly tokens: number;
      readonly ms: number;
      readonly spent: readonly Spent[];
    }
  | {
      readonly kind: 'token';
      readonly id: number;
      /** What is known of the text by it; may be empty, where a character is not whole yet. */
      readonly text: string;
      /** The likeliest first. */
      readonly candidates: readonly ShownCandidate[];
      /** By rank; empty where it was not traced. */
      readonly spent: readonly Spent[];
    }
  | { readonly kind: 'end'; readonly why: Ending /** What was held back. */; readonly text: string };

/** What of the logits ranks read for each draw; see wantedLogits(). */
export function wantedFor(
  { folder }: Pick<LoadedModel, 'folder'>,
  sampling: Sampling,
  candidates = 0,
): Wanted {
  return wantedLogits(sampling, candidates, folder.model.vocab);
}

/**
 * @param seen tokens in the caches of the ranks; kept up to date
 * @param context at least one token, with room behind it
 */
export async function* generate(
  { folder, text, positions }: LoadedModel,
  group: ModelRanks,
  seen: number[],
  context: readonly number[],
  options: GenerateOptions,
): AsyncGenerator<Generated, void> {
  const { sampling = folder.sampling, candidates = 0, traced = false, signal } = options;
  const { stopIds } = folder;
  const words = options.stopWords ?? [];
  const stopWords = new StopWords(words);
  const room = positions - context.length;
  const count = Math.min(options.count ?? room, room);
  let tail = tailOf(context); // a tokenizer of Llama 2 leaves out the space before a first token
  let rest = '';

  const wanted = wantedFor({ folder }, sampling, candidates);
  yield await prefill(group, seen, context, { traced, wanted, sampling });
  const drawn = drawBursts(group, seen, { count, sampling, wanted, stopIds, candidates, traced }, signal);
  // The ranks do not wait for the text, unless it may say that they should draw no more.
  const bursts = words.length > 0 ? drawn : ahead(drawn);
  for (;;) {
    const { value: burst, done } = await bursts.next();
    if (done) {
      if (burst === 'stopped') return yield { kind: 'end', why: burst, text: stopWords.end() };
      const why = burst === 'count' && count === room ? 'context' : burst;
      return yield { kind: 'end', why, text: stopWords.push(rest).text + stopWords.end() };
    }
    const others = [...new Set(burst.flatMap((token) => token.candidates.map(({ id }) => id)))];
    const ids = burst.map(({ id }) => id);
    const followed = await text.follow(tail, ids, others);
    ({ tail, rest } = followed);
    const alone = new Map(others.map((id, i) => [id, followed.alone[i] ?? '']));
    for (const [i, { id, candidates, spent }] of burst.entries()) {
      const { text, ended } = stopWords.push(followed.parts[i] ?? '');
      const shown = candidates.map((one) => ({ ...one, text: alone.get(one.id) ?? '' }));
      yield { kind: 'token', id, text, candidates: shown, spent };
      if (ended) return yield { kind: 'end', why: 'stop word', text: '' };
    }
  }
}

/** Runs what the ranks have not seen yet, and the last token in any case: what comes behind it is asked for. */
async function prefill(
  group: ModelRanks,
  seen: number[],
  context: readonly number[],
  {
    traced,
    wanted,
    sampling,
  }: { readonly traced: boolean; readonly wanted: Wanted | null; readonly sampling?: Sampling },
): Promise<Generated> {
  const startMs = performance.now();
  const common = context.findIndex((id, i) => id !== seen[i]);
  const kept = Math.min(common < 0 ? context.length : common, context.length - 1);
  await group.all('truncate', kept); // what they refused may have left them with more than is known here
  seen.length = Math.min(kept, seen.length);
  const ids = context.slice(kept);
  const spent = await group.all('prefill', ids, traced, wanted, sampling);
  seen.push(...ids);
  const ms = performance.now() - startMs;
  return { kind: 'prefill', tokens: ids.length, ms, spent: spent.filter((one) => one !== null) };
}

/** Runs what of a context the ranks have not seen. They keep what they have seen behind it. */
export async function extend(group: ModelRanks, seen: number[], context: readonly number[]): Promise<void> {
  if (context.every((id, i) => id === seen[i])) return;
  await prefill(group, seen, context, { traced: false, wanted: null });
}
