import { expect, test } from 'vitest';
import { DEFAULT_PARAMS } from '#lab/split/params.ts';
import { glanceOf } from './glance.ts';

test('what a rank keeps and sends with each split, worked out by hand', () => {
  // X 8×16, W 16×12 without a bias on four ranks: W has 192 numbers, Y 96.
  const rows = glanceOf({ ...DEFAULT_PARAMS, bias: false });
  expect(
    rows.map(({ label, weightBytes, sentBytes, collective, exact }) => [
      label,
      weightBytes,
      sentBytes,
      collective,
      exact,
    ]),
  ).toEqual([
    ['none', 768, 0, '', true],
    ['column', 192, 0, '', true],
    ['column, gathered', 192, 288, 'all-gather', true],
    ['row', 192, 576, 'all-reduce', false],
    ['pair', 384, 768, 'all-reduce', false], // two weights, and Y is 8×16
  ]);
  expect(rows.filter(({ chosen }) => chosen).map(({ label }) => label)).toEqual(['row']);
});

test('one rank sends nothing, and sizes that cannot run have no rows', () => {
  expect(
    glanceOf({ ...DEFAULT_PARAMS, ranks: 1 }).every(({ sentBytes, exact }) => sentBytes === 0 && exact),
  ).toBe(true);
  expect(glanceOf({ ...DEFAULT_PARAMS, m: 0 })).toEqual([]);
});
