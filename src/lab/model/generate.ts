/** Has the ranks go on with a context, and makes text of what they draw. */

import { invariant } from '../../base/errors.ts';
import type { ModelToken, Spent } from '../../protocol.ts';
import type { Sampling } from '../../sampling/sampling.ts';
import { type Wanted, wantedLogits } from '../../sampling/top.ts';
import type { ModelFolder } from './folder.ts';
import type { ModelRanks } from './ModelRanks.ts';
import { StopWords } from './stopWords.ts';
import type { TextModel } from './text.ts';

/** A model that the ranks have loaded. */
export interface LoadedModel {
  readonly folder: ModelFolder;
  readonly text: TextModel;
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
      readonly candidates: ModelToken['candidates'];
      /** By rank; empty where it was not traced. */
      readonly spent: readonly Spent[];
    }
  | { readonly kind: 'end'; readonly why: Ending /** What was held back. */; readonly text: string };

/** So long the ranks go on by themselves: text still seems to flow, and the page costs them nothing. */
const BURST_MS = 40;
const MOST_IN_BURST = 64;

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
  const stream = text.stream(context); // a tokenizer of Llama 2 leaves out the space before a first token
  const stopWords = new StopWords(options.stopWords ?? []);
  const room = positions - context.length;
  const count = Math.min(options.count ?? room, room);
  const end = (why: Ending, text = ''): Generated => ({ kind: 'end', why, text });

  yield await prefill(group, seen, context, { traced, wanted: wantedLogits(sampling, candidates) });
  let burst = 1; // the first token at once
  for (let made = 0; made < count; ) {
    if (signal?.aborted) return yield end('stopped', stopWords.end());
    const task = { count: Math.min(burst, count - made), sampling, stopIds, candidates, traced };
    const startMs = performance.now();
    const ranks = await group.all('generate', task);
    const tokens = agreed(ranks);
    const eachMs = (performance.now() - startMs) / tokens.length;
    burst = Math.max(1, Math.min(MOST_IN_BURST, 2 * burst, Math.floor(BURST_MS / eachMs)));
    seen.push(...tokens.filter(({ id }) => !stopIds.includes(id)).map(({ id }) => id));
    for (const [i, { id, candidates }] of tokens.entries()) {
      made++;
      if (stopIds.includes(id))
        return yield end('stop token', stopWords.push(stream.end()).text + stopWords.end());
      const { text, ended } = stopWords.push(stream.push(id));
      const spent = ranks.flatMap((own) => own[i]?.spent ?? []);
      yield { kind: 'token', id, text, candidates, spent };
      if (ended) return yield end('stop word');
    }
  }
  yield end(count === room ? 'context' : 'count', stopWords.push(stream.end()).text + stopWords.end());
}

/** Runs what the ranks have not seen yet, and the last token in any case: what comes behind it is asked for. */
async function prefill(
  group: ModelRanks,
  seen: number[],
  context: readonly number[],
  { traced, wanted }: { readonly traced: boolean; readonly wanted: Wanted | null },
): Promise<Generated> {
  const startMs = performance.now();
  const common = context.findIndex((id, i) => id !== seen[i]);
  const kept = Math.min(common < 0 ? context.length : common, context.length - 1);
  await group.all('truncate', kept); // what they refused may have left them with more than is known here
  seen.length = Math.min(kept, seen.length);
  const ids = context.slice(kept);
  const spent = await group.all('prefill', ids, traced, wanted);
  seen.push(...ids);
  const ms = performance.now() - startMs;
  return { kind: 'prefill', tokens: ids.length, ms, spent: spent.filter((one) => one !== null) };
}

/** Runs what of a context the ranks have not seen. They keep what they have seen behind it. */
export async function extend(group: ModelRanks, seen: number[], context: readonly number[]): Promise<void> {
  if (context.every((id, i) => id === seen[i])) return;
  await prefill(group, seen, context, { traced: false, wanted: null });
}

/** Every rank draws for itself. */
function agreed(ranks: readonly (readonly ModelToken[])[]): readonly ModelToken[] {
  const [first = [], ...others] = ranks;
  const ids = (tokens: readonly ModelToken[]): string => tokens.map(({ id }) => id).join();
  invariant(
    others.every((tokens) => ids(tokens) === ids(first)),
    () => `the ranks drew ${ranks.map(ids).join(' and ')}`,
  );
  return first;
}
