import { describe, expect, it } from 'vitest';
import { firstDifference, withRun } from './comparison.ts';
import {
  contextOf,
  grown,
  lastPlace,
  messagesOf,
  replaced,
  textOf,
  tokenOf,
  turnOf,
} from './conversation.ts';
import type { FinishedRun } from './state.ts';

const given = (ids: readonly number[]) => ids.map((id) => ({ id, text: String.fromCharCode(id + 96) }));
const one = grown([turnOf('ab', given([1, 2]))], [tokenOf(3, 'c'), tokenOf(4, 'd')]);

describe('a conversation', () => {
  it('goes on behind all that there is', () => {
    expect(contextOf(one)).toEqual([1, 2, 3, 4]);
    expect(contextOf([])).toEqual([]);
    expect(textOf(one[0] as never)).toBe('cd');
    expect(lastPlace(one)).toEqual({ turn: 0, index: 1 });
    expect(lastPlace([turnOf('a', given([1]))])).toBeNull();
  });

  it('forgets what came behind a token that was chosen', () => {
    const [turn] = replaced(grown(one, [], { ending: 'count' }), { turn: 0, index: 0 }, 9, 'i');
    expect(turn?.tokens).toEqual([tokenOf(9, 'i', true)]);
    expect(turn?.ending).toBeNull();
    expect(replaced(one, { turn: 0, index: 7 }, 9, 'i')).toEqual(one);
  });

  it('forgets the turns behind it as well', () => {
    const two = [...one, turnOf('more', given([1, 2, 3, 4, 5]))];
    expect(replaced(two, { turn: 0, index: 1 }, 9, 'i')).toHaveLength(1);
  });

  it('is a talk of messages, the answers in between', () => {
    expect(messagesOf(one, 'and?')).toEqual([
      { role: 'user', content: 'ab' },
      { role: 'assistant', content: 'cd' },
      { role: 'user', content: 'and?' },
    ]);
  });
});

describe('finished texts', () => {
  const run = (ranks: number, kind: 'cpu' | 'webgpu', ids: number[], key = 'k'): FinishedRun =>
    ({ key, ranks, ids, devices: [{ kind }] }) as unknown as FinishedRun;

  it('stand by ranks, the newer of two on the same ones', () => {
    let runs: FinishedRun[] = [];
    for (const one of [run(4, 'cpu', [1]), run(1, 'cpu', [2]), run(4, 'webgpu', [3]), run(4, 'cpu', [4])])
      runs = withRun(runs, one);
    expect(runs.map(({ ids }) => ids)).toEqual([[2], [4], [3]]);
    expect(withRun(runs, run(4, 'cpu', [5], 'other'))).toHaveLength(4);
    // Of texts without number, each of its own, only the newest stay.
    for (let i = 0; i < 100; i++) runs = withRun(runs, run(2, 'cpu', [i], `text ${i}`));
    expect(runs).toHaveLength(48);
    expect(runs.at(-1)?.ids).toEqual([99]);
  });

  it('differ from their first token that is another', () => {
    expect(firstDifference([1, 2, 3], [1, 2, 3])).toBeNull();
    expect(firstDifference([1, 2, 3], [1, 5, 3])).toBe(1);
    expect(firstDifference([1, 2], [1, 2, 3])).toBe(2);
    expect(firstDifference([], [])).toBeNull();
  });
});
