import { describe, expect, it } from 'vitest';
import { preview } from '#numerics/preview.ts';
import { tensorOf } from '#program/plan.ts';
import { planLayer } from '#program/planOf.ts';
import type { OpenedTensor } from '#protocol.ts';
import { cellAt, elementsIn, heatGrid, largestOf, valueAt } from './heatGrid.ts';
import { agreementText, axesText, cellText, originOf, toTsv } from './openedWords.ts';

const plan = planLayer({ layer: 'linear-pair', config: { hidden: 8, intermediate: 16, bias: false } }, 2, {
  tokens: 2,
  past: 0,
});

function previewOf(rows: number, cols: number, value: (i: number) => number) {
  const data = Float32Array.from({ length: rows * cols }, (_, i) => value(i));
  return preview({ rows, cols, data }, { rows, cols });
}

function openedOf(value: (i: number) => number): OpenedTensor {
  return { shape: [2, 8], preview: previewOf(2, 8, value), mean: 0, deviation: 1, min: -1, max: 1 };
}

describe('heatGrid', () => {
  const exact = previewOf(2, 8, (i) => i);
  const blocks = previewOf(96, 100, () => -2);

  it('fits into the width', () => {
    for (const width of [200, 326, 900]) {
      for (const of of [exact, blocks]) {
        const { cols, cellWidth, rows, cellHeight } = heatGrid(of, width);
        expect(cols * cellWidth).toBeLessThanOrEqual(width);
        expect(rows * cellHeight).toBeLessThanOrEqual(300);
      }
    }
  });

  it('finds the cell at a point, and the nearest outside', () => {
    const grid = heatGrid(exact, 160);
    expect(cellAt(grid, 2.5 * grid.cellWidth, 1.5 * grid.cellHeight)).toEqual({ row: 1, col: 2 });
    expect(cellAt(grid, -5, 999)).toEqual({ row: 1, col: 0 });
  });

  it('knows the elements of a block', () => {
    expect(elementsIn(exact, { row: 1, col: 2 })).toEqual({
      rows: { start: 1, end: 2 },
      cols: { start: 2, end: 3 },
    });
    expect(elementsIn(blocks, { row: 0, col: 0 })).toEqual({
      rows: { start: 0, end: 4 },
      cols: { start: 0, end: 5 },
    });
    expect(valueAt(exact, { row: 1, col: 2 })).toBe(10);
  });

  it('takes no infinity for the largest', () => {
    expect(largestOf([previewOf(1, 3, (i) => [1, -4, Number.NEGATIVE_INFINITY][i] ?? 0)])).toBe(4);
  });
});

describe('the words of an opened tensor', () => {
  it('says what made it and what reads it', () => {
    expect(originOf(plan, 'h')).toEqual({
      made: 'x·Aᵀ',
      from: [
        { id: 'x', label: 'x' },
        { id: 'A.weight', label: 'A' },
      ],
      readers: [{ label: 'h·Bᵀ', to: { id: 'partial', label: 'partial' } }],
    });
    expect(originOf(plan, 'A.weight').made).toBe('a weight, drawn from the seed');
    expect(originOf(plan, 'x').made).toBe('given to the layer');
    expect(originOf(plan, 'y')).toMatchObject({ made: 'all-reduce', readers: [] });
  });

  it('reads out a cell', () => {
    expect(
      cellText(
        previewOf(2, 8, (i) => i / 4),
        { row: 1, col: 2 },
      ),
    ).toBe('row 1, column 2: 2.500');
    expect(
      cellText(
        previewOf(96, 100, () => -2),
        { row: 0, col: 0 },
      ),
    ).toBe('rows 0–3, columns 0–4: root mean square 2.000');
  });

  it('names the axes', () => {
    expect(axesText(tensorOf(plan, 'x'))).toBe('dim 0 ↓  dim 1 →');
  });

  it('compares the ranks of a replicated tensor, and only of one', () => {
    const y = tensorOf(plan, 'y');
    const same = { id: 'y', ranks: [openedOf((i) => i), openedOf((i) => i)] };
    const other = { id: 'y', ranks: [openedOf((i) => i), openedOf((i) => i + (i === 5 ? 1e-3 : 0))] };
    expect(agreementText(y, same)).toBe('✓ these values are equal on all 2 ranks');
    expect(agreementText(y, other)).toBe('✗ these values are not equal on all ranks');
    expect(agreementText(y, { id: 'y', ranks: [openedOf((i) => i), null] })).toMatch('✗');
    expect(agreementText(tensorOf(plan, 'h'), same)).toBeNull();
  });

  it('copies rows as lines and columns as tabs', () => {
    expect(toTsv(previewOf(2, 2, (i) => i / 2))).toBe('0\t0.5\n1\t1.5');
  });
});
