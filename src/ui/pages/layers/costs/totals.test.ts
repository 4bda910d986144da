import { expect, it } from 'vitest';
import { totalsOfSpec } from './totals.ts';

const MLP = {
  hidden: 2048,
  intermediate: 8192,
  activation: 'swiglu',
  bias: false,
  merged: false,
} as const;

it('adds up a rank of the MLP of Llama 3.2 1B', () => {
  const totals = totalsOfSpec({ layer: 'mlp', config: MLP }, 4, { tokens: 32, past: 0 });
  expect(Object.fromEntries(totals.map(({ label, text }) => [label, text]))).toMatchObject({
    // 3 matrices of 2048 · 8192 / 4 float32 numbers
    weights: '48 MiB',
    'KV cache': '0 B',
    // an all-reduce of 32 · 2048 numbers sends 2 · 3/4 of them
    sent: '384 KiB',
  });
});
