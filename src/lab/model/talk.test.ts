/** A talk of several turns, with ranks that are made up. */

import { describe, expect, it } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { type FakeSessions, open, PARAMS } from './testing/fakeSessions.ts';

describe('a talk', () => {
  const talk = (change: (sessions: FakeSessions) => void = () => {}) =>
    open((own) => {
      own.chatTemplate = '{{ messages }}';
      change(own);
    });

  it('gives each turn all that was said before', async () => {
    const { get, rest, text, sessions } = talk();
    await rest();
    get().write('p');
    await rest();
    expect(sessions.contexts).toEqual(['ab', 'abcdep']);
    expect(text()).toEqual(['cde', 'qrs']);
    expect(get().turns[1]?.given.map((token) => token.text)).toEqual([...'abcdep']);
  });

  it('stays as it is on other ranks, and when one text of it is compared', async () => {
    const { get, rest, text, sessions } = talk();
    await rest();
    get().write('p');
    await rest();
    get().change({ ranks: 4 });
    await rest();
    expect([sessions.opened, text()]).toEqual([
      [2, 4],
      ['cde', 'qrs'],
    ]);
    get().compare([1]);
    await rest();
    expect([sessions.opened, text()]).toEqual([
      [2, 4, 1, 4],
      ['cde', 'qrs'],
    ]);
    expect(get().runs.map(({ ranks }) => ranks)).toEqual([1, 2, 4]);
  });

  it('goes on with an answer that was being written when other ranks were chosen', async () => {
    const { get, rest, text, subscribe } = talk();
    await rest();
    const unsubscribe = subscribe(({ doing, turns }) => {
      if (doing !== 'prefill' || turns.length < 2) return;
      unsubscribe();
      get().change({ ranks: 3 });
    });
    get().write('p');
    await rest();
    await rest();
    expect(text()).toEqual(['cde', 'qrs']);
    expect(get().turns[1]?.ending).toBe('count');
  });

  it('stays where another model cannot be had, and goes on with the one it had', async () => {
    const { get, rest, text, sessions } = talk();
    await rest();
    get().write('p');
    await rest();
    sessions.refuses = new LabError('input', 'There is no such model.');
    get().change({ model: 'https://models.example/a/' });
    await rest();
    expect(text()).toEqual(['cde', 'qrs']);
    get().change({ model: PARAMS.model });
    await rest();
    expect([text(), get().failure]).toEqual([['cde', 'qrs'], null]);
    get().change({ model: 'https://models.example/a/' });
    await rest();
    expect(text()).toEqual(['cde']); // which knows nothing of what was said to the other one
  });

  it('says again, by a click, what could not be said', async () => {
    const { get, rest, text, sessions } = talk();
    await rest();
    get().stop();
    sessions.refuses = new LabError('environment', 'There is no network.');
    get().write('p');
    await rest();
    expect([text(), get().failure?.code]).toEqual([['cde'], 'environment']);
    get().rerun();
    await rest();
    expect([text(), get().failure]).toEqual([['cde', 'qrs'], null]);
  });

  it('leaves out a message for which there is no room', async () => {
    const { get, rest, text } = talk((own) => {
      own.positions = 8;
    });
    await rest();
    get().write('much too long');
    await rest();
    expect(text()).toEqual(['cde']);
    expect(get()).toMatchObject({ failure: { code: 'input' }, alive: true });
    get().write('p');
    await rest();
    expect([text().length, get().failure]).toEqual([2, null]);
  });
});
