import { expect, it } from 'vitest';
import { attentionPairs } from './costs.ts';

/** One by one, as the mask has them. */
function counted(tokens: number, start: number, causal: boolean, window: number): number {
  let pairs = 0;
  for (let query = start; query < start + tokens; query++) {
    for (let key = 0; key < start + tokens; key++) {
      if ((!causal || key <= query) && key > query - window) pairs++;
    }
  }
  return pairs;
}

it('counts the pairs that attention looks at, with a window of any length', () => {
  for (const causal of [true, false]) {
    for (const tokens of [0, 1, 2, 5]) {
      for (const start of [0, 1, 4, 9]) {
        for (const window of [1, 2, 3, 6, 14, 99, Number.POSITIVE_INFINITY]) {
          const given = JSON.stringify({ causal, tokens, start, window });
          expect(attentionPairs(tokens, start, causal, window), given).toBe(
            counted(tokens, start, causal, window),
          );
        }
      }
    }
  }
});
