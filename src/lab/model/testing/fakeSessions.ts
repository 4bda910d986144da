/** Ranks that are made up, for the tests of what stands above them. */

import { expect, vi } from 'vitest';
import { LabError } from '../../../base/errors.ts';
import type { Spent } from '../../../protocol.ts';
import { GREEDY } from '../../../sampling/sampling.ts';
import type { Generated, GenerateOptions } from '../generate.ts';
import { DEFAULT_PARAMS, type ModelParams, sameRanks } from '../params.ts';
import type { ModelSession } from '../session.ts';
import type { Sessions } from '../sessions.ts';
import { createModelStore } from '../store.ts';
import type { Message, TextToken } from '../text.ts';

export const PARAMS: ModelParams = { ...DEFAULT_PARAMS, prompt: 'ab', tokens: 3, ranks: 2 };

const SPENT: Spent = {
  startMs: 0,
  ms: 1,
  shared: false,
  computeMs: 1,
  readbackMs: 0,
  ringMs: 0,
  waitMs: 0,
  readBytes: 0,
  readbackBytes: 0,
  collectives: [],
};

/** Ranks that count on from the last letter, as many tokens as are asked for. */
export class FakeSessions implements Sessions {
  readonly opened: number[] = [];
  readonly contexts: string[] = [];
  /** Fails before the token of this number, once. */
  failsAt: number | null = null;
  onFailure = (): void => {};
  opening: Promise<void> = Promise.resolve();
  /** Why there are no ranks, once. */
  refuses: LabError | null = null;
  /** What a tokenizer waits for before it answers. */
  encoding = async (): Promise<void> => {};
  closed = 0;
  /** Of a model that was made for a talk. */
  chatTemplate: string | null = null;
  positions = 64;
  /** What of a text is held back until its end, and what that waits for. */
  rest = '';
  ending = async (): Promise<void> => {};
  /** How its texts end. */
  why: 'count' | 'stop word' = 'count';
  /** Tokens in the caches of the ranks. */
  #seen: number[] = [];
  #alive: { params: ModelParams; session: ModelSession } | null = null;

  async for(params: ModelParams, signal: AbortSignal, host: Parameters<Sessions['for']>[2]) {
    if (this.#alive !== null && sameRanks(this.#alive.params, params)) return this.#alive.session;
    this.#alive = null;
    host.onReading();
    await this.opening;
    if (signal.aborted) throw new LabError('closed', 'The loading was stopped.');
    const folder = {
      model: { name: 'fake', vocab: 128 },
      chatTemplate: this.chatTemplate,
      sampling: GREEDY,
      checkpoint: new Map(),
    };
    host.onFolder(folder as never);
    host.onStarting();
    const { refuses } = this;
    this.refuses = null;
    if (refuses !== null) throw refuses;
    this.#seen = [];
    this.opened.push(params.ranks);
    const session = {
      folder,
      worldSize: params.ranks,
      placement: params.placement,
      devices: Array.from({ length: params.ranks }, () => ({ kind: 'cpu' })),
      positions: params.context ?? this.positions,
      windowBytes: 8,
      held: [],
      // Counts on, but for a letter that is rounded away.
      firstChoices: async (_: readonly number[], tokens: readonly number[]) =>
        tokens.map((id) => (id === 'd'.charCodeAt(0) ? id - 1 : id)),
      tokenPlan: () => Array.from({ length: params.ranks }, () => []),
      contextPlan: () => Array.from({ length: params.ranks }, () => []),
      costs: () => [],
      text: {
        encode: (text: string) => this.#encoded(text),
        encodeChat: (messages: readonly Message[]) =>
          this.#encoded(messages.map(({ content }) => content).join('')),
        parts: async (ids: readonly number[]) => ids.map((id) => String.fromCharCode(id)),
      },
      checkRoom: (context: readonly number[]) => {
        if (context.length >= (params.context ?? this.positions))
          throw new LabError('input', 'There is no room.');
      },
      recorded: async () => [[], []],
      inspect: async () => ({ position: 0, parts: [] }),
      openTensor: async () => ({ id: '', ranks: [] }),
      generate: (context: readonly number[], options: GenerateOptions) => this.#generate(context, options),
    } as unknown as ModelSession;
    this.#alive = { params, session };
    return session;
  }

  pick(): void {}

  close(): void {
    this.closed++;
    this.#alive = null;
  }

  async #encoded(text: string): Promise<TextToken[]> {
    await this.encoding();
    return [...text].map((letter) => ({ id: letter.charCodeAt(0), text: letter }));
  }

  async *#generate(
    context: readonly number[],
    { count = 0, signal }: GenerateOptions,
  ): AsyncGenerator<Generated, void> {
    this.contexts.push(String.fromCharCode(...context));
    const common = context.findIndex((id, i) => id !== this.#seen[i]);
    const tokens = context.length - Math.min(common < 0 ? context.length : common, context.length - 1);
    yield { kind: 'prefill', tokens, ms: 1, spent: [SPENT, SPENT] };
    this.#seen = [...context];
    for (let i = 0; i < count; i++) {
      await Promise.resolve();
      if (signal?.aborted) return yield { kind: 'end', why: 'stopped', text: '' };
      if (this.failsAt === i) {
        this.failsAt = null;
        this.onFailure();
        throw new LabError('device', 'The GPU was lost.');
      }
      const id = (context.at(-1) ?? 0) + i + 1;
      // Of a stop word there is no text.
      const text = this.why === 'stop word' && i === count - 1 ? '' : String.fromCharCode(id);
      yield { kind: 'token', id, text, candidates: [{ id, text, probability: 1 }], spent: [SPENT, SPENT] };
      this.#seen.push(id);
    }
    await this.ending();
    yield { kind: 'end', why: this.why, text: this.rest };
  }
}

/** A store on them, which has begun to write. */
export function open(change: (sessions: FakeSessions) => void = () => {}, params: Partial<ModelParams> = {}) {
  const sessions = new FakeSessions();
  change(sessions);
  const store = createModelStore({ ...PARAMS, ...params }, sessions);
  const get = store.getState;
  const rest = () => vi.waitFor(() => expect(get().phase).toBe('idle'), 20_000); // others may have the cores
  const text = () => get().turns.map(({ tokens }) => tokens.map((token) => token.text).join(''));
  return { sessions, get, rest, text, subscribe: store.subscribe };
}
