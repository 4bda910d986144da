import { expect, it } from 'vitest';
import type { Span } from '../../../base/trace.ts';
import type { RecordedPass } from '../../../protocol.ts';
import { PassLog } from './PassLog.ts';

const pass = (startMs: number, count: number): RecordedPass => {
  const span: Span = { rank: 0, startMs, endMs: startMs, kind: 'op', op: 'linear' };
  return {
    tokens: 1,
    prefill: false,
    startMs,
    endMs: startMs,
    spans: Array.from({ length: count }, () => span),
  };
};
const starts = (log: PassLog): number[] => log.passes.map(({ startMs }) => startMs);

it('keeps whole passes, the last ones, of no more spans than it may', () => {
  const log = new PassLog(10);
  for (const [startMs, count] of [4, 4, 2].entries()) log.add(pass(startMs, count));
  expect(starts(log)).toEqual([0, 1, 2]);
  log.add(pass(3, 1));
  expect(starts(log)).toEqual([1, 2, 3]);
  log.add(pass(4, 50)); // the last one in any case
  expect(starts(log)).toEqual([4]);
  log.add(pass(5, 10));
  expect(starts(log)).toEqual([5]);
});
