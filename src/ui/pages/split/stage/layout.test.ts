import { describe, expect, it } from 'vitest';
import { configOf, DEFAULT_PARAMS, type SplitParams } from '#lab/split/params.ts';
import { planSplit } from '#program/splitPlan.ts';
import { equationOf } from './equation.ts';
import { layoutOf, layoutWithin, type Plate } from './layout.ts';

const planOf = (params: Partial<SplitParams>) => planSplit(configOf({ ...DEFAULT_PARAMS, ...params }));
const plate = (plates: readonly Plate[], id: string): Plate => {
  const found = plates.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no plate ${id}`);
  return found;
};
const right = ({ left, cols }: Plate): number => left + cols.extent;

describe('equationOf', () => {
  const shown = (params: Partial<SplitParams>): string =>
    equationOf(planOf(params), false)
      .map((piece) => (piece.type === 'sign' ? piece.text : `${piece.name}:${piece.kind}`))
      .join(' ');

  it.each([
    [{ split: 'none' }, 'X:input · W:weight = Y:product'],
    [{ split: 'column' }, 'X:input · W:weight = Y:product gather → Y:output'],
    [{ split: 'column', gatherOutput: false }, 'X:input · W:weight = Y:product'],
    [{ split: 'row' }, 'X:input · W:weight = Y:partials Σ → Y:output'],
    [{ split: 'pair' }, 'X:input · A:weight → H:product · B:weight → Y:partials Σ → Y:output'],
    [{ split: 'row', ranks: 1 }, 'X:input · W:weight = Y:product'],
  ] as const)('%j', (params, text) => {
    expect(shown(params)).toBe(text);
  });
});

describe('layoutOf', () => {
  it('keeps X beside A where the pair is higher than a wide screen', () => {
    const { plates } = layoutOf(planOf({ split: 'pair', ranks: 8, m: 48, k: 48, n: 48 }), false, 1070);
    const [x, a] = [plate(plates, 'input-0'), plate(plates, 'weight-0')];
    expect(right(x)).toBeLessThan(a.left);
    expect(x.top).toBeCloseTo(a.top);
  });

  it('draws all sides of one length equally long', () => {
    const { plates, unit } = layoutOf(planOf({ split: 'row', ranks: 4 }), false, 1070);
    const [x, w, y] = [plate(plates, 'input-0'), plate(plates, 'weight-0'), plate(plates, 'output-0')];
    expect(x.rows.extent).toBeCloseTo(y.rows.extent);
    expect(x.cols.extent).toBeCloseTo(w.rows.extent);
    expect(w.cols.extent).toBeCloseTo(y.cols.extent);
    expect(y.cols.extent).toBeCloseTo(12 * unit);
  });

  it('keeps everything inside of the width and apart from each other', () => {
    for (const split of ['none', 'column', 'row', 'pair'] as const) {
      for (const ranks of [1, 2, 3, 4, 8]) {
        const { plates, height } = layoutOf(planOf({ split, ranks }), false, 1070);
        const ordered = plates.filter(({ kind }) => kind !== 'partial');
        for (const one of ordered) {
          expect(right(one)).toBeLessThanOrEqual(1070);
          expect(one.top).toBeGreaterThan(0);
          expect(one.top + one.rows.extent).toBeLessThan(height);
        }
        for (const [i, one] of ordered.entries()) {
          const next = ordered[i + 1];
          if (
            next !== undefined &&
            next.top < one.top + one.rows.extent &&
            one.top < next.top + next.rows.extent
          ) {
            expect(right(one)).toBeLessThan(next.left);
          }
        }
      }
    }
  });

  it('breaks the equation on a narrow screen, so that cells stay legible', () => {
    const wide = layoutOf(planOf({}), false, 1070);
    const narrow = layoutOf(planOf({}), false, 330);
    expect(narrow.unit).toBeGreaterThan(7);
    expect(narrow.width).toBe(330);
    expect(narrow.height).toBeGreaterThan(wide.height);
  });

  it('becomes wider than the screen before cells become too small', () => {
    const layout = layoutOf(planOf({ ranks: 8, m: 48, k: 48, n: 48 }), false, 240);
    expect(layout.unit).toBe(5);
    expect(layout.width).toBeGreaterThan(240);
  });

  it('turns the weight for the view of what is stored', () => {
    const weight = (stored: boolean) =>
      plate(layoutOf(planOf({ split: 'column' }), stored, 1070).plates, 'weight-0');
    expect([weight(false).rows.length, weight(false).cols.length]).toEqual([16, 12]);
    expect([weight(true).rows.length, weight(true).cols.length]).toEqual([12, 16]);
    expect(weight(false).cols.shards).toHaveLength(4);
    expect(weight(true).rows.shards).toHaveLength(4);
  });

  it('says which sides it draws longer than to scale', () => {
    expect(layoutOf(planOf({}), false, 1070).enlarged).toEqual([]);
    const { enlarged } = layoutOf(planOf({ k: 2048, n: 8192 }), false, 1070);
    expect(enlarged.map(({ side }) => side)).toContain('M');
  });

  it('puts the sheet of rank 0 in front', () => {
    const { plates } = layoutOf(planOf({ ranks: 3 }), false, 1070);
    expect(plates.filter(({ kind }) => kind === 'partial').map(({ rank }) => rank)).toEqual([2, 1, 0]);
  });
});

describe('layoutWithin', () => {
  it.each(['row', 'column', 'pair', 'none'] as const)('keeps a %s split within width and height', (split) => {
    for (const ranks of [1, 4, 8]) {
      const room = { width: 780, height: 448 };
      const layout = layoutWithin(planOf({ split, ranks }), false, room);
      expect(layout.width).toBeLessThanOrEqual(room.width);
      expect(layout.height).toBeLessThanOrEqual(room.height);
    }
  });

  it('is too high rather than too wide where there is no room for both', () => {
    const plan = planOf({ split: 'pair' });
    const layout = layoutWithin(plan, false, { width: 420, height: 300 });
    expect(layout).toEqual(layoutOf(plan, false, 420));
    expect(layout.width).toBe(420);
  });
});
