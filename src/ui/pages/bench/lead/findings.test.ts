import { expect, it } from 'vitest';
import type { BenchResult } from '#bench/record.ts';
import { resultOf } from '#bench/testing/resultOf.ts';
import { findingsOf, verdictOf } from './findings.ts';

function productOf(patch: Partial<BenchResult>): BenchResult {
  return resultOf({ op: 'gemm', worldSize: 1, shape: { m: 16, k: 512, n: 2048 }, gflops: 30, ...patch });
}

it('is of cells that are right, and that were measured in a tab that could be seen', () => {
  const wrong = productOf({ gflops: 900, wrong: 7, ok: false });
  const hidden = productOf({ gflops: 800, note: 'unreliable: the tab was hidden' });
  expect(findingsOf([wrong, hidden, productOf({})]).title).toBe('One rank multiplies at 30.0 GFLOP/s');
  expect(findingsOf([wrong, hidden]).title).toBe('No time here can be built on');
});

it('says what there is where there is nothing to find', () => {
  expect(findingsOf([productOf({ samplesMs: [], medianMs: 0, ok: false })]).title).toBe(
    'Nothing could be measured',
  );
  expect(findingsOf([productOf({ op: 'mlp' })]).title).toBe('1 cell measured');
});

it('tells how fast a model writes, and how much more ranks gain', () => {
  const shape = { m: 1, past: 128 };
  const none = { bytes: 0, algBwGBs: 0, busBwGBs: 0 };
  const decode = (worldSize: number, ms: number): BenchResult =>
    resultOf({ op: 'decode', variant: 'stories', worldSize, shape, gflops: 1, ...none }, ms);
  expect(findingsOf([decode(2, 4)])).toEqual({
    title: 'A model writes 250 tokens a second',
    body: ['That is stories on 2 CPU ranks.'],
  });
  const { title, body } = findingsOf([decode(1, 4), decode(2, 2.5)]);
  expect(title).toBe('2 CPU ranks run the decode 1.6 times as fast as one');
  expect(body.join('')).toContain('at 1 token after 128, stories');
  expect(body).toContainEqual({ strong: '400 tokens a second' });
});

it('is no failure that some cells could not run, as long as none is wrong', () => {
  const skipped = productOf({ samplesMs: [], medianMs: 0, ok: false, note: '8 ranks share 2 heads' });
  expect(verdictOf([productOf({})], 'complete').pass).toBe(true);
  expect(verdictOf([productOf({}), skipped], 'complete')).toMatchObject({
    pass: null,
    text: expect.stringContaining('0 wrong · 1 did not run'),
  });
  expect(verdictOf([productOf({}), skipped, productOf({ wrong: 1, ok: false })], 'complete').pass).toBe(
    false,
  );
  expect(verdictOf([skipped], 'complete').pass).toBe(false);
});
