/** The store with ranks that are made up: what it keeps, and what it asks for next. */

import { describe, expect, it, vi } from 'vitest';
import { open, PARAMS } from './testing/fakeSessions.ts';

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

  it('goes on from a token that was chosen', async () => {
    const { get, rest, text } = open();
    await rest();
    get().look({ turn: 0, index: 1 }, true);
    get().choose({ turn: 0, index: 1 }, 'p'.charCodeAt(0));
    await rest();
    expect(get()).toMatchObject({ looked: null, pinned: false }); // another can be looked at
    expect(text()).toEqual(['cpqrs']);
    const [first, chosen, next] = get().turns[0]?.tokens ?? [];
    expect(chosen).toMatchObject({ text: 'p', chosen: true, read: null });
    // Its pass is what the ranks read to go on, where they had all that stands before it.
    expect([first?.read?.tokens, chosen?.spent.length, next?.read]).toEqual([2, 2, null]);
    expect(get()).toMatchObject({ checked: 3 + 1 + 3, differences: [], checkedRead: { tokens: 2 } });
    get().stop();
    get().choose({ turn: 0, index: 1 }, 'p'.charCodeAt(0));
    await rest();
    const [, again, behind] = get().turns[0]?.tokens ?? [];
    expect([again?.spent, behind?.read?.tokens]).toEqual([[], 4]);
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
    const { get, rest, sessions, subscribe } = open();
    await rest();
    const started = new Set<number>();
    subscribe((state) => state.doing === 'starting' && started.add(state.started));
    const told: string[] = [];
    subscribe(({ doing, comparing }) => {
      if (doing === 'starting') told.push(`${comparing?.at} of ${comparing?.of}`);
    });
    get().compare([1, 8]);
    await rest();
    expect([...new Set(told)]).toEqual(['1 of 3', '2 of 3', '3 of 3']);
    expect(get().comparing).toBeNull();
    expect([...started]).toEqual([1, 8, 2]);
    expect(sessions.opened).toEqual([2, 1, 8, 2]);
    expect(get().runs.map(({ ranks }) => ranks)).toEqual([1, 2, 8]);
    expect(get().loaded?.worldSize).toBe(2);
  });

  it('has the text again where a comparison is stopped', async () => {
    const { get, rest, text, subscribe } = open();
    await rest();
    const unsubscribe = subscribe(({ doing, loaded }) => {
      if (doing !== 'prefill' || loaded?.worldSize !== 8) return;
      unsubscribe();
      get().stopText();
    });
    get().compare([1, 8]);
    await rest();
    expect(text()).toEqual(['cde']);
    expect(get()).toMatchObject({ failure: null, turns: [{ ending: 'count' }] });
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

  it('takes another context by other caches, and forgets it for another model', async () => {
    const { get, rest, text, sessions } = open();
    await rest();
    get().change({ context: 4 });
    await rest();
    expect([text(), get().loaded?.positions]).toEqual([['cde'], 4]);
    get().goOn();
    await rest();
    expect(get().turns[0]?.ending).toBe('context');
    get().change({ context: 2 });
    await rest();
    expect([text(), get().failure?.code]).toEqual([['cde'], 'input']); // the prompt alone fills it
    get().change({ model: 'https://models.example/a/' });
    await rest();
    expect([get().params.context, get().failure, sessions.opened.length]).toEqual([null, null, 4]);
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

  it('counts nothing of a text that was cleared while it was written', async () => {
    const { get, rest, subscribe } = open();
    await rest();
    const unsubscribe = subscribe(({ doing, turns }) => {
      if (doing !== 'prefill' || turns[0]?.prompt !== 'xy') return;
      unsubscribe();
      setTimeout(() => get().clear());
    });
    get().change({ tokens: 5000 });
    get().write('xy');
    await rest();
    expect(get()).toMatchObject({ turns: [], checked: 0, failure: null, alive: true });
  });

  it('lets in no late answer of a tokenizer, whatever was wished for meanwhile', async () => {
    const { get, rest, text, sessions } = open();
    await rest();
    const wishes: [() => void, string[]][] = [
      [() => get().clear(), []],
      [() => get().stopText(), []],
      [() => get().write('ij'), ['klm']],
      [() => get().change({ ranks: 4, prompt: 'gh' }), ['ijk']],
    ];
    for (const [wish, expected] of wishes) {
      const late: (() => void)[] = [];
      sessions.encoding = () => new Promise((answer) => late.push(answer));
      get().write('xy');
      await vi.waitFor(() => expect(late).toHaveLength(1), 20_000);
      sessions.encoding = async () => {};
      wish();
      await rest(); // without that answer
      for (const answer of late) answer();
      await new Promise((resolve) => setTimeout(resolve));
      expect(text()).toEqual(expected);
      expect(get()).toMatchObject({ phase: 'idle', failure: null, alive: true });
    }
  });

  it('stays empty where it is cleared while texts are compared', async () => {
    const { get, rest, subscribe } = open();
    await rest();
    const unsubscribe = subscribe(({ doing, loaded }) => {
      if (doing !== 'prefill' || loaded?.worldSize !== 8) return;
      unsubscribe();
      get().clear();
    });
    get().compare([1, 8]);
    await rest();
    expect(get()).toMatchObject({ turns: [], failure: null, comparing: null });
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

  it('does nothing with parameters that cannot be, whatever is pressed', async () => {
    const { get, rest, sessions, text } = open();
    await rest();
    get().change({ ranks: 99 });
    for (const press of [
      () => get().goOn(),
      () => get().choose({ turn: 0, index: 0 }, 120),
      () => get().inspect({ turn: 0, index: 1 }),
      () => get().compare([1]),
      () => get().pick([]),
    ]) {
      press();
      await rest();
      expect(sessions.opened).toEqual([2]);
    }
    expect(get().failure).toBeNull();
    get().change({ ranks: 2, model: 'stories' });
    await rest();
    expect(text()).toEqual(['cde']);
  });

  it('writes what a link asks for, on the ranks it asks for', async () => {
    const { get, rest, text, sessions } = open();
    await rest();
    get().change({ ...PARAMS, ranks: 4, prompt: 'xm' });
    await rest();
    expect(sessions.opened).toEqual([2, 4]);
    expect([get().turns[0]?.prompt, text()]).toEqual(['xm', ['nop']]);
  });

  it('begins once a link that could not run is mended', async () => {
    const { get, rest, text } = open(() => {}, { tokens: -1 });
    expect(get().phase).toBe('idle');
    get().change({ tokens: 2 });
    await rest();
    expect(text()).toEqual(['cd']);
    get().change({ tokens: Number.NaN });
    get().change({ tokens: 1 });
    await rest();
    expect(text()).toEqual(['cd']); // what was written stays while a number is typed
  });

  it('puts away what was taken apart, where its text goes', async () => {
    const { get, rest } = open();
    for (const press of [
      () => get().clear(),
      () => get().change({ ranks: 3 }),
      () => get().write('xy'),
      () => get().pick([]),
    ]) {
      await rest();
      get().goOn();
      await rest();
      get().inspect({ turn: 0, index: 0 });
      await rest();
      expect(get().inspected).not.toBeNull();
      press();
      expect(get().inspected).toBeNull();
      await rest();
      get().write('ab');
    }
  });

  it('ends at the end of the room, and a text that has none there is refused as a whole', async () => {
    const { get, rest, text } = open((own) => {
      own.positions = 6;
    });
    await rest();
    get().goOn();
    await rest();
    get().goOn();
    await rest();
    expect(get()).toMatchObject({ failure: null, alive: true, turns: [{ ending: 'context' }] });
    get().write('much too long');
    await rest();
    expect(get()).toMatchObject({ failure: { code: 'input' }, alive: true, turns: [{ prompt: 'ab' }] });
    get().write('ab');
    await rest();
    expect([text(), get().failure]).toEqual([['cde'], null]);
  });

  it('shows what was held back of a text, however late its end comes', async () => {
    const { get, rest, text, sessions } = open((own) => {
      own.rest = '!';
    });
    await rest();
    expect(text()).toEqual(['cde!']);
    sessions.ending = () => vi.waitFor(() => expect(text()).toEqual(['cde!fgh']), 20_000);
    get().goOn();
    await rest();
    expect(text()).toEqual(['cde!fgh!']);
  });

  it('has the stop word in the text again, where that goes on behind it', async () => {
    const { get, rest, text } = open((own) => {
      own.why = 'stop word';
    });
    await rest();
    expect(text()).toEqual(['cd']);
    get().goOn();
    await rest();
    expect(text()[0]?.startsWith('cde')).toBe(true);
  });
});
