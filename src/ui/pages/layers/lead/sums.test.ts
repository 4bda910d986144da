import { expect, it } from 'vitest';
import type { Cost } from '#program/plan.ts';
import { collectiveRows, sumColumns } from './sums.ts';

const COST: Cost = {
  flops: 2_000_000,
  weightBytes: 4096,
  kvBytes: 0,
  activationBytes: 512,
  collectives: [
    { kind: 'all_reduce', bytes: 256, wireBytes: 128 },
    { kind: 'all_reduce', bytes: 256, wireBytes: 128 },
  ],
};

it('shows one number where both agree', () => {
  const columns = sumColumns({ predicted: [COST], measured: [COST] });
  expect(columns.map(({ label, cells }) => `${label} ${cells[0]?.text}`)).toEqual([
    'FLOP 2 M',
    'weights 4 KiB',
    'KV cache 0 B',
    'activations 512 B',
    'on the wire 256 B',
  ]);
  expect(columns.flatMap(({ cells }) => cells).every(({ equal }) => equal)).toBe(true);
});

it('shows both, to the last one, where they differ by less than a rounded number shows', () => {
  const [flops] = sumColumns({ predicted: [COST], measured: [{ ...COST, flops: 2_000_001 }] });
  expect(flops?.cells[0]).toEqual({
    equal: false,
    text: 'predicted 2,000,000 FLOP, measured 2,000,001',
    exact: '2,000,000 FLOP',
  });
});

it('counts collectives by kind and size, also those that nobody predicted', () => {
  const extra = { kind: 'all_gather', bytes: 64, wireBytes: 0 } as const;
  const measured = [{ ...COST, collectives: [...COST.collectives.slice(1), extra] }];
  expect(collectiveRows({ predicted: [COST], measured })).toEqual([
    { name: 'all-reduce', bytes: 256, predicted: 2, measured: 1 },
    { name: 'all-gather', bytes: 64, predicted: 0, measured: 1 },
  ]);
});
