/** Shapes of attention, and their seeded operands. */

import type { AttentionOptions } from '../device.ts';
import { values } from './oracle.ts';

export interface Case {
  readonly t: number;
  readonly start: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly keyDim: number;
  /** Columns of a head of v. */
  readonly stride: number;
  readonly valueDim?: number;
  readonly causal: boolean;
  readonly window?: number;
}

export const plain = { start: 0, heads: 2, kvHeads: 2, keyDim: 16, stride: 16, causal: true };
export const cases: readonly Case[] = [
  { ...plain, t: 1, heads: 1, kvHeads: 1, keyDim: 1, stride: 1 },
  { ...plain, t: 5, stride: 3 },
  { ...plain, t: 63, keyDim: 5 },
  { ...plain, t: 64 },
  { ...plain, t: 65, causal: false },
  { ...plain, t: 200, heads: 6, kvHeads: 2 },
  { ...plain, t: 7, start: 60, heads: 4, kvHeads: 1, causal: false },
  { ...plain, t: 1, start: 199, heads: 8, kvHeads: 2, keyDim: 64, stride: 64 }, // decoding
  { ...plain, t: 3, start: 61, keyDim: 65, stride: 130, valueDim: 67 },
  { ...plain, t: 2, start: 70, kvHeads: 1, keyDim: 576, stride: 576, valueDim: 512 }, // DeepSeek-V3, absorbed
  { ...plain, t: 5, stride: 3, window: 1 }, // each sees itself alone
  { ...plain, t: 9, start: 5, window: 14 }, // as long as the text
  { ...plain, t: 150, heads: 6, kvHeads: 2, keyDim: 5, stride: 7, window: 70 },
  { ...plain, t: 1, start: 199, heads: 8, kvHeads: 2, window: 65 },
  { ...plain, t: 7, start: 130, window: 3, causal: false },
  { ...plain, t: 4, keyDim: 0, stride: 3 }, // all keys weigh alike
  { ...plain, t: 1, start: 299, heads: 5, kvHeads: 1, keyDim: 64, stride: 64 },
  { ...plain, t: 4, start: 500, heads: 6, kvHeads: 2, keyDim: 20, stride: 24, valueDim: 17, window: 300 },
  { ...plain, t: 3, start: 258, causal: false },
  { ...plain, t: 33, start: 40, heads: 3, kvHeads: 1, keyDim: 128, stride: 64 }, // more rows than a tile has
  { ...plain, t: 31, start: 1, keyDim: 64, stride: 128, window: 20 },
  { ...plain, t: 9, start: 120, heads: 4, kvHeads: 1, keyDim: 64, stride: 300, valueDim: 260 }, // two workgroups a head
  { ...plain, t: 1, start: 270, heads: 8, kvHeads: 1, keyDim: 128, stride: 128 },
  { ...plain, t: 3, start: 140, heads: 14, kvHeads: 2, keyDim: 5, stride: 6, window: 100 }, // 21 rows a key
];

export const optionsOf = ({ t: _t, keyDim, stride: _stride, ...rest }: Case): AttentionOptions => ({
  ...rest,
  scale: 1 / Math.sqrt(Math.max(1, keyDim)),
});

export function operandsOf({ t, start, heads, kvHeads, keyDim, stride }: Case) {
  const s = start + t;
  return {
    q: values(1, t * heads * keyDim),
    k: values(2, s * kvHeads * keyDim),
    v: values(3, s * kvHeads * stride),
  };
}
