/** The store with ranks that are made up: what it keeps, and what it asks for next. */

import { describe, expect, it, vi } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { GREEDY } from '../../sampling/sampling.ts';
import type { Generated, GenerateOptions } from './generate.ts';
import { DEFAULT_PARAMS, type ModelParams } from './params.ts';
import type { ModelSession } from './session.ts';
import type { Sessions } from './sessions.ts';
import { createModelStore } from './store.ts';

const PARAMS: ModelParams = { ...DEFAULT_PARAMS, prompt: 'ab', tokens: 3, ranks: 2 };
const letters = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));

/** Ranks that count on from the last letter, as many tokens as are asked for. */
class FakeSessions implements Sessions {
  readonly opened: number[] = [];
  readonly contexts: string[] = [];
  /** Fails before the token of this number, once. */
  failsAt: number | null = null;
  opening: Promise<void> = Promise.resolve();
  closed = 0;
  #alive: { ranks: number; session: ModelSession } | null = null;

  async for(params: ModelParams, signal: AbortSignal, host: Parameters<Sessions['for']>[2]) {
    if (this.#alive?.ranks === params.ranks) return this.#alive.session;
    host.onReading();
    await this.opening;
    if (signal.aborted) throw new LabError('closed', 'The loading was stopped.');
    const folder = {
      model: { name: 'fake', vocab: 128 },
      chatTemplate: null,
      sampling: GREEDY,
      checkpoint: new Map(),
    };
    host.onFolder(folder as never);
    host.onStarting();
    this.opened.push(params.ranks);
    const session = {
      folder,
      worldSize: params.ranks,
      devices: Array.from({ length: params.ranks }, () => ({ kind: 'cpu' })),
      positions: 64,
      windowBytes: 8,
      held: [],
      tokenPlan: Array.from({ length: params.ranks }, () => []),
      costs: () => [],
      text: {
        encode: letters,
        textOf: (id: number) => String.fromCharCode(id),
        stream: () => ({ push: (id: number) => String.fromCharCode(id), end: () => '' }),
      },
      generate: (context: readonly number[], options: GenerateOptions) => this.#generate(context, options),
    } as unknown as ModelSession;
    this.#alive = { ranks: params.ranks, session };
    return session;
  }

  pick(): void {}

  close(): void {
    this.closed++;
    this.#alive = null;
  }

  async *#generate(
    context: readonly number[],
    { count = 0, signal }: GenerateOptions,
  ): AsyncGenerator<Generated, void> {
    this.contexts.push(String.fromCharCode(...context));
    yield { kind: 'prefill', tokens: context.length, ms: 1, spent: [] };
    for (let i = 0; i < count; i++) {
      await Promise.resolve();
      if (signal?.aborted) return yield { kind: 'end', why: 'stopped', text: '' };
      if (this.failsAt === i) {
        this.failsAt = null;
        throw new LabError('device', 'The GPU was lost.');
      }
      const id = (context.at(-1) ?? 0) + i + 1;
      const spent = {
        ms: 1,
        computeMs: 1,
        readbackMs: 0,
        ringMs: 0,
        waitMs: 0,
        readBytes: 0,
        collectives: [],
      };
      yield { kind: 'token', id, text: String.fromCharCode(id), candidates: [], spent: [spent, spent] };
    }
    yield { kind: 'end', why: 'count', text: '' };
  }
}

function open(change: (sessions: FakeSessions) => void = () => {}) {
  const sessions = new FakeSessions();
  change(sessions);
  const store = createModelStore(PARAMS, sessions);
  const get = store.getState;
  const rest = () => vi.waitFor(() => expect(get().phase).toBe('idle'));
  const text = () => get().turns.map(({ tokens }) => tokens.map((token) => token.text).join(''));
  return { sessions, get, rest, text, subscribe: store.subscribe };
}

describe('the store of a model', () => {
  it('writes at once, and goes on behind the end', async () => {
    const { get, rest, text, sessions } = open();
    await rest();
    expect(text()).toEqual(['cde']);
    expect(get()).toMatchObject({ alive: true, failure: null, checked: 3, differences: [] });
    get().goOn();
    await rest();
    expect(text()).toEqual(['cdefgh']);
    expect(sessions.contexts).toEqual(['ab', 'abcde']);
    expect(sessions.opened).toEqual([2]);
  });

  it('keeps the text where a device is lost, and takes it up again on new ranks', async () => {
    const { get, rest, text, sessions } = open((own) => {
      own.failsAt = 2;
    });
    await rest();
    expect(text()).toEqual(['cd']);
    expect(get()).toMatchObject({ alive: false, failure: { code: 'device', message: 'The GPU was lost.' } });
    get().rerun();
    await rest();
    expect(text()).toEqual(['cdefg']);
    expect(get().failure).toBeNull();
    expect(sessions.opened).toEqual([2, 2]);
    expect(sessions.contexts).toEqual(['ab', 'abcd']);
  });

  it('goes on from a token that was chosen', async () => {
    const { get, rest, text } = open();
    await rest();
    get().choose({ turn: 0, index: 1 }, 'p'.charCodeAt(0));
    await rest();
    expect(text()).toEqual(['cpqrs']);
    expect(get().turns[0]?.tokens[1]).toMatchObject({ text: 'p', chosen: true });
  });

  it('writes the same on other ranks when they are chosen, and keeps both', async () => {
    const { get, rest, sessions } = open();
    await rest();
    get().change({ ranks: 4 });
    await rest();
    expect(sessions.opened).toEqual([2, 4]);
    expect(get().runs.map(({ ranks, ids }) => [ranks, String.fromCharCode(...ids)])).toEqual([
      [2, 'cde'],
      [4, 'cde'],
    ]);
  });

  it('compares on several, and ends on those that are chosen', async () => {
    const { get, rest, sessions } = open();
    await rest();
    get().compare([1, 8]);
    await rest();
    expect(sessions.opened).toEqual([2, 1, 8, 2]);
    expect(get().runs.map(({ ranks }) => ranks)).toEqual([1, 2, 8]);
    expect(get().loaded?.worldSize).toBe(2);
  });

  it('gives up what is under way for a newer wish', async () => {
    let go = (): void => {};
    const { get, rest, sessions } = open((own) => {
      own.opening = new Promise((resolve) => {
        go = resolve;
      });
    });
    get().change({ ranks: 3 });
    get().change({ ranks: 5 });
    go();
    await rest();
    expect(sessions.opened).toEqual([5]);
    expect(get()).toMatchObject({ failure: null, loaded: { worldSize: 5 } });
  });

  it('ends a text on demand, and keeps the ranks', async () => {
    const { get, rest, subscribe } = open();
    await rest();
    subscribe((state, before) => {
      if (state.doing === 'prefill' && before.doing !== 'prefill') get().stopText();
    });
    get().goOn();
    await rest();
    expect(get().turns[0]?.ending).toBe('stopped');
    expect(get().alive).toBe(true);
  });

  it('runs nothing that cannot be, and says why', async () => {
    const { get, rest, sessions } = open();
    await rest();
    get().change({ ranks: 99 });
    expect(get().problem).toContain('99');
    get().write('x');
    get().rerun();
    expect(sessions.opened).toEqual([2]);
    expect(get().phase).toBe('idle');
  });
});
