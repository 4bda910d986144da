/** The Model page's words, of states that are made up. */

import { expect, it } from 'vitest';
import type { Figures } from '#lab/model/figures.ts';
import type { LoadedFacts, Turn } from '#lab/model/state.ts';
import { placedInShort, readText, sentenceOf, sentencesOf, spokenText, whyOf } from './words.ts';

const SPENT = { ms: 2, shared: false, computeMs: 1, readbackMs: 0, ringMs: 0.5, waitMs: 0.5 };
const token = (text: string) => ({ id: 1, text, candidates: [], spent: [], read: null, chosen: false });

function turnBy(ranks: number, text = 'One. Two'): Turn {
  const figures: Figures = {
    prefill: { tokens: 2, ms: 1, perSecond: 2000 },
    firstTokenMs: 1,
    decode: { tokens: 10, ms: 100, perSecond: 100 },
    ranks: Array.from({ length: ranks }, () => SPENT),
    why: 'count',
    hidden: false,
  };
  const tokens = [...text].map(token);
  return { prompt: '', asked: null, context: [1], given: [], tokens, ending: 'count', figures };
}

function loadedOn(worldSize: number): LoadedFacts {
  const memory = { weights: 1024, cache: 0, activations: 0, windows: 0 };
  const ofEach = <T>(one: T): T[] => Array.from({ length: worldSize }, () => one);
  const planned = ofEach([{ kind: 'all_reduce', bytes: 8, readBytes: 8 }]);
  return {
    devices: [],
    placement: 'worker',
    worldSize,
    positions: 64,
    memory: ofEach(memory),
    packed: false,
    weights: 'stored',
    rounding: null,
    agreement: null,
    planned,
    loadMs: 1,
  };
}

it('says who wrote, and who has the model now', () => {
  const told = { folder: null, turns: [turnBy(2)], doing: null };
  const same = sentenceOf({ ...told, loaded: loadedOn(2) });
  expect(same.title).toBe('Two ranks wrote 8 tokens, 100 a second');
  const other = sentenceOf({ ...told, loaded: loadedOn(4) });
  expect(other.title).toBe(same.title);
  expect(other.body[0]).toBe('Now the model is on four ranks. ');
});

it('says of a token’s time what the ranks take and what the page, so that it agrees with the rate', () => {
  const { body } = sentenceOf({ folder: null, turns: [turnBy(2)], doing: null, loaded: loadedOn(2) });
  const words = body.map((phrase) => (typeof phrase === 'string' ? phrase : phrase.strong)).join('');
  expect(words).toContain(
    'Of 10.0 ms a token the busiest rank computes for 1.0 ms and is in collectives for 1.0 ms; 8.0 ms go to drawing the token',
  );
});

it('says that the tab was hidden', () => {
  const turn = turnBy(2);
  const figures = turn.figures && { ...turn.figures, hidden: true };
  const told = { folder: null, turns: [{ ...turn, figures }], doing: null, loaded: loadedOn(2) };
  expect(sentenceOf(told).body.at(-1)).toBe(' The tab was hidden meanwhile, where a browser slows it down.');
});

it('says of ranks on one device that nothing goes through the host', () => {
  const turn = turnBy(2);
  const figures = turn.figures && {
    ...turn.figures,
    ranks: [0, 1].map(() => ({ ...SPENT, shared: true, readbackMs: 0.5, ringMs: 0, waitMs: 0 })),
  };
  const loaded = { ...loadedOn(2), placement: 'one-device' } as const;
  const { body } = sentenceOf({ folder: null, turns: [{ ...turn, figures }], doing: null, loaded });
  const words = body.map((phrase) => (typeof phrase === 'string' ? phrase : phrase.strong)).join('');
  expect(words).toContain(
    'they meet 1 times (1 all-reduce), all on one device: nothing goes through the host.',
  );
  expect(words).toContain(
    'the device computes for 1.0 ms, for all ranks, and copies for 0.50 ms; 8.0 ms go to',
  );
  expect(placedInShort({ devices: [CPU, CPU], placement: 'one-device' })).toBe('CPU · 2 ranks on one device');
  expect(whyOf(4, 'one-device')).toContain('Here four ranks on one device hold a [[shard]] of it each');
});

const CPU = { kind: 'cpu', label: '', software: false, adapter: {}, timestamps: false } as const;

it('says what ranks read beside their shards', () => {
  const own = { totalBytes: 1024, shardBytes: 1024 };
  expect(readText([own, own])).toBe('Each rank reads its own part of every weight, and no more.');
  expect(readText([own, { totalBytes: 3072, shardBytes: 1024 }])).toMatch(
    /comes along, and is cut off: in all 4 KiB for shards of 2 KiB\.$/,
  );
});

it('speaks whole sentences while it writes, and each once', () => {
  const turns = [turnBy(1, 'A cat sat. “Why?” it said.\nIt sl')];
  expect(spokenText(turns, 'writing')).toBe('A cat sat.');
  expect(sentencesOf(spokenText(turns, null))).toEqual(['A cat sat.', '“Why?” it said.', 'It sl']);
  expect(sentencesOf('')).toEqual([]);
});
