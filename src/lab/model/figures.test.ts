import { expect, it } from 'vitest';
import type { Spent } from '../../protocol.ts';
import { FigureTaker } from './figures.ts';

const spent = (ms: number): Spent => ({
  startMs: 0,
  ms,
  shared: false,
  computeMs: ms / 2,
  readbackMs: 0,
  ringMs: 1,
  waitMs: 2,
  readBytes: 0,
  readbackBytes: 0,
  collectives: [],
});

it('takes the time of the first token, and the rate of those behind it', () => {
  const taker = new FigureTaker(1000);
  taker.note({ kind: 'prefill', tokens: 8, ms: 40, spent: [] }, 1040);
  expect(taker.figures).toMatchObject({ firstTokenMs: null, decode: null, ranks: [], why: null });
  for (const [i, ms] of [10, 30, 20].entries()) {
    const own = {
      kind: 'token',
      id: i,
      text: 'a',
      candidates: [],
      spent: [spent(ms), spent(2 * ms)],
    } as const;
    taker.note(own, 1050 + 25 * i);
  }
  taker.note({ kind: 'end', why: 'count', text: '' }, 1100);
  expect(taker.figures).toEqual({
    prefill: { tokens: 8, ms: 40, perSecond: 200 },
    hidden: false,
    firstTokenMs: 50,
    decode: { tokens: 2, ms: 50, perSecond: 40 },
    ranks: [20, 40].map((ms) => ({
      ms,
      shared: false,
      computeMs: ms / 2,
      readbackMs: 0,
      ringMs: 1,
      waitMs: 2,
    })),
    why: 'count',
  });
});
