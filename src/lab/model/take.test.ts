/** What is in the file of a run. */

import { expect, it, vi } from 'vitest';
import { runRecord } from './take.ts';
import { open } from './testing/fakeSessions.ts';

const ABOUT = { date: new Date(0), userAgent: 'a browser' };

it('has all of a run: what was asked, where it ran, each token, and whether it was as planned', async () => {
  const { get, rest } = open(() => {}, { stopWords: ['end'], algorithm: 'two-shot', sampling: { seed: 5 } });
  await rest();
  get().change({ tokens: 9 }); // for the next text
  const record = JSON.parse(JSON.stringify(runRecord(get(), ABOUT)));
  expect(record).toMatchObject({
    schema: 'ringside-text/1',
    date: '1970-01-01T00:00:00.000Z',
    ranks: 2,
    placement: 'worker',
    allReduce: 'two-shot',
    positions: 64,
    loadMs: expect.any(Number),
    verdict: { checkedTokens: 3, asPlanned: true, differences: [] },
    turns: [
      {
        prompt: 'ab',
        text: 'cde',
        ending: 'count',
        asked: { count: 3, stopWords: ['end'], sampling: { temperature: 0, seed: 5 } },
      },
    ],
  });
  expect(record.turns[0].tokens.map(({ spent }: { spent: unknown[] }) => spent.length)).toEqual([2, 2, 2]);
});

it('says that a run was not as planned', async () => {
  const { get, rest } = open();
  await rest();
  const differences = ['Rank 1, token “c”: planned all_reduce 8; made none.'];
  const record = runRecord({ ...get(), differences }, ABOUT);
  expect(record.verdict).toEqual({ checkedTokens: 3, asPlanned: false, differences });
});

it('has no way of summing to name where all ranks are on one device', async () => {
  const { get, rest } = open(() => {}, { placement: 'one-device' });
  await rest();
  expect(runRecord(get(), ABOUT)).toMatchObject({ allReduce: 'one-device', placement: 'one-device' });
});

it('has the ranks hand over what they recorded, and nothing where they are gone', async () => {
  const { get, rest, text } = open();
  await rest();
  const take = vi.fn();
  get().recall(take);
  await rest();
  expect(take.mock.calls).toEqual([[[[], []]]]);
  get().stop();
  get().recall(take);
  expect(take.mock.lastCall).toEqual([[]]);
  expect(text()).toEqual(['cde']);
});
