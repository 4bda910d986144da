import { describe, expect, it } from 'vitest';
import { wholeWeights, within } from './weights.ts';

const weights = wholeWeights({
  'mlp.up.weight': { shape: [3, 2], data: Float32Array.of(0, 1, 2, 3, 4, 5) },
  'mlp.up.bias': { shape: [3], data: Float32Array.of(6, 7, 8) },
});
const range = (start: number, end: number) => ({ start, end });

describe('wholeWeights', () => {
  it('cuts blocks and ranges, empty ones too', () => {
    const up = within(weights, 'mlp');
    expect([...up.matrix('up.weight', { rows: range(1, 3), cols: range(1, 2) })]).toEqual([3, 5]);
    expect([...up.matrix('up.weight', { rows: range(3, 3), cols: range(0, 2) })]).toEqual([]);
    expect([...up.vector('up.bias', range(0, 2))]).toEqual([6, 7]);
  });

  it('says what is there, where a name or its dimensions are not', () => {
    const known = 'there are mlp.up.weight [3, 2], mlp.up.bias [3].';
    const block = { rows: range(0, 1), cols: range(0, 1) };
    expect(() => weights.matrix('up.weight', block)).toThrow(
      `There is no weight up.weight with 2 dimensions; ${known}`,
    );
    expect(() => weights.vector('mlp.up.weight', range(0, 1))).toThrow(
      `There is no weight mlp.up.weight with 1 dimensions; ${known}`,
    );
    expect(() => wholeWeights({}).vector('w', range(0, 1))).toThrow('there are none.');
  });

  it.each([
    [
      range(2, 4),
      range(0, 2),
      'Weight mlp.up.weight is [3, 2]; rows 2 … 4 and columns 0 … 2 of it are needed.',
    ],
    [
      range(0, 3),
      range(0, 3),
      'Weight mlp.up.weight is [3, 2]; rows 0 … 3 and columns 0 … 3 of it are needed.',
    ],
  ])('refuses rows %j and columns %j of a smaller matrix', (rows, cols, message) => {
    expect(() => weights.matrix('mlp.up.weight', { rows, cols })).toThrow(message);
  });

  it('refuses a range that a vector does not have', () => {
    const message = 'Weight mlp.up.bias is [3]; elements 1 … 4 of it are needed.';
    expect(() => weights.vector('mlp.up.bias', range(1, 4))).toThrow(message);
  });
});
