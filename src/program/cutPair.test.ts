import { describe, expect, test } from 'vitest';
import { type CutPairConfig, cutPairProgram } from './cutPair.ts';
import { stepsOf } from './program.ts';

const kinds = (config: Pick<CutPairConfig, 'first' | 'second'>, worldSize = 4): string[] =>
  stepsOf(cutPairProgram({ worldSize, m: 3, k: 8, n: 10, ...config }))
    .filter((step) => step.kind === 'collective')
    .map((step) => step.collective);

describe('the collectives of a pair of products', () => {
  test('columns, then rows: what the first leaves, the second needs', () => {
    expect(kinds({ first: 'columns', second: 'rows' })).toEqual(['all_reduce']);
  });

  test('every other pair of cuts has two', () => {
    expect(kinds({ first: 'columns', second: 'columns' })).toEqual(['all_gather', 'all_gather']);
    expect(kinds({ first: 'rows', second: 'rows' })).toEqual(['all_reduce', 'all_reduce']);
    expect(kinds({ first: 'rows', second: 'columns' })).toEqual(['all_reduce', 'all_gather']);
  });

  test('Y is whole on every rank', () => {
    for (const first of ['columns', 'rows'] as const) {
      for (const second of ['columns', 'rows'] as const) {
        const { output } = cutPairProgram({ worldSize: 3, m: 2, k: 7, n: 5, first, second });
        expect(output.placement.kind).toBe('replicated');
        expect(output.shapes).toEqual([
          [2, 7],
          [2, 7],
          [2, 7],
        ]);
      }
    }
  });
});
