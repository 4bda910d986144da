import { describe, expect, it } from 'vitest';
import { wholeWeights } from './weights.ts';

const weights = wholeWeights({
  'mlp.up.weight': { shape: [3, 2], data: Float32Array.of(0, 1, 2, 3, 4, 5) },
  'mlp.up.bias': { shape: [3], data: Float32Array.of(6, 7, 8) },
});
const range = (start: number, end: number) => ({ start, end });

describe('wholeWeights', () => {
  it('cuts blocks and ranges, empty ones too', async () => {
    expect([...(await weights.block('mlp.up.weight', range(1, 3), range(1, 2)))]).toEqual([3, 5]);
    expect([...(await weights.block('mlp.up.weight', range(3, 3), range(0, 2)))]).toEqual([]);
    expect([...(await weights.block('mlp.up.bias', range(0, 2), null))]).toEqual([6, 7]);
  });

  it('says what is there, where a name or its dimensions are not', async () => {
    const known = 'there are mlp.up.weight [3, 2], mlp.up.bias [3].';
    const one = range(0, 1);
    await expect(weights.block('up.weight', one, one)).rejects.toThrow(
      `There is no weight up.weight with 2 dimensions; ${known}`,
    );
    await expect(weights.block('mlp.up.weight', one, null)).rejects.toThrow(
      `There is no weight mlp.up.weight with 1 dimensions; ${known}`,
    );
    await expect(wholeWeights({}).block('w', one, null)).rejects.toThrow('there are none.');
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
  ])('refuses rows %j and columns %j of a smaller matrix', async (rows, cols, message) => {
    await expect(weights.block('mlp.up.weight', rows, cols)).rejects.toThrow(message);
  });

  it('refuses a range that a vector does not have', async () => {
    const message = 'Weight mlp.up.bias is [3]; elements 1 … 4 of it are needed.';
    await expect(weights.block('mlp.up.bias', range(1, 4), null)).rejects.toThrow(message);
  });
});
