import { describe, expect, it } from 'vitest';
import type { Span, StepSpan } from '#base/trace.ts';
import { indexAfterKey } from './barKeys.ts';
import { barPaths } from './barPaths.ts';
import { barAt, barsOf } from './bars.ts';
import { clockRows, rowAt } from './clockRows.ts';
import { describeBar } from './clockWords.ts';
import { type ClockLane, type ClockModel, inOrder, type Kind, type Stretch, stretchesOf } from './stretch.ts';
import { following, panned, ticksOf, unitOf, within, zoomed, zoomedAt } from './timeAxis.ts';

const LANES: readonly ClockLane[] = [
  { name: 'device', label: 'device', height: 14 },
  { name: 'comm', label: 'ring', height: 11 },
  { name: 'wait', label: 'wait', height: 11 },
];
const view = { startMs: 100, endMs: 110 };

function stretch(rank: number, kind: Kind, startMs: number, endMs: number): Stretch {
  const lane = kind === 'wait' || kind === 'copy' ? (kind === 'wait' ? 'wait' : 'comm') : 'device';
  const span: Span = { rank, kind: 'host', name: kind, startMs, endMs };
  return { span, kind, lane, startMs, endMs };
}

describe('barsOf', () => {
  it('puts stretches in their places', () => {
    const bars = barsOf([stretch(1, 'product', 102, 106)], view, 500);
    expect(bars).toMatchObject([{ rank: 1, lane: 'device', kind: 'product', x: 100, width: 200 }]);
  });

  it('cuts off what is outside of the view', () => {
    const bars = barsOf([stretch(0, 'product', 90, 105), stretch(0, 'product', 120, 130)], view, 500);
    expect(bars).toMatchObject([{ x: 0, width: 250 }]);
  });

  it('joins thousands of stretches thinner than a pixel', () => {
    const copies = Array.from({ length: 5000 }, (_, i) =>
      stretch(0, 'copy', 100 + i / 500, 100 + (i + 0.9) / 500),
    );
    const bars = barsOf(copies, view, 500);
    expect(bars.length).toBeLessThan(100);
    expect(bars.reduce((sum, bar) => sum + bar.stretches.length, 0)).toBe(5000);
  });

  it('is found under the pointer, thin ones with some grace', () => {
    const bars = barsOf([stretch(0, 'product', 101, 101.01), stretch(0, 'light', 103, 104)], view, 500);
    expect(barAt(bars, 0, 'device', 48)?.kind).toBe('product');
    expect(barAt(bars, 0, 'device', 175)?.kind).toBe('light');
    expect(barAt(bars, 0, 'device', 100)).toBeUndefined();
    expect(barAt(bars, 1, 'device', 48)).toBeUndefined();
  });
});

describe('the axis', () => {
  it.each([
    [14.2, 8, ['0', '2', '4', '6', '8', '10', '12', '14']],
    [0.9, 5, ['0.0', '0.2', '0.4', '0.6', '0.8']],
    [0.0031, 4, ['0.000', '0.001', '0.002', '0.003']],
    [1200, 6, ['0', '200', '400', '600', '800', '1000', '1200']],
  ])('has round numbers over %f ms', (length, most, labels) => {
    expect(ticksOf({ startMs: 1000, endMs: 1000 + length }, 1000, most).map(({ label }) => label)).toEqual(
      labels,
    );
  });

  it('starts at the first round number of a zoomed view', () => {
    expect(ticksOf({ startMs: 103.3, endMs: 104.4 }, 100, 4).map(({ label }) => label)).toEqual([
      '3.5',
      '4.0',
    ]);
  });

  it('zooms about a time and stays inside of the whole', () => {
    const whole = { startMs: 0, endMs: 100 };
    expect(zoomed(whole, whole, 0.5, 50)).toEqual({ startMs: 25, endMs: 75 });
    expect(zoomed(whole, whole, 0.5, 10)).toEqual({ startMs: 0, endMs: 50 });
    expect(zoomed({ startMs: 0, endMs: 80 }, whole, 2, 10)).toEqual(whole);
    expect(within({ startMs: 90, endMs: 110 }, whole)).toEqual({ startMs: 80, endMs: 100 });
  });

  it('follows the cursor out of the view', () => {
    const whole = { startMs: 0, endMs: 100 };
    expect(following({ startMs: 0, endMs: 10 }, whole, 5)).toEqual({ startMs: 0, endMs: 10 });
    expect(following({ startMs: 0, endMs: 10 }, whole, 50)).toEqual({ startMs: 45, endMs: 55 });
  });

  it('counts in microseconds where milliseconds would be mostly zeros', () => {
    expect(unitOf({ startMs: 0, endMs: 2 })).toBe('ms');
    const near = { startMs: 103.3, endMs: 103.32 };
    expect(unitOf(near)).toBe('µs');
    const ticks = ticksOf(near, 100, 4, 'µs');
    expect(ticks.map(({ label }) => label)).toEqual(['3300', '3305', '3310', '3315', '3320']);
    expect(ticks[1]?.ms).toBeCloseTo(103.305, 9);
  });

  it('keeps what is pointed at in its place, and moves no further than the whole', () => {
    const whole = { startMs: 0, endMs: 100 };
    const near = zoomedAt(whole, whole, 0.1, 30);
    expect(near).toEqual({ startMs: 27, endMs: 37 });
    expect(zoomedAt(near, whole, 1000, 30)).toEqual(whole);
    const nearest = zoomedAt(near, whole, 1e-9, 30);
    expect(nearest.endMs - nearest.startMs).toBeCloseTo(0.001, 9);
    expect(panned(near, whole, 5)).toEqual({ startMs: 32, endMs: 42 });
    expect(panned(near, whole, 500)).toEqual({ startMs: 90, endMs: 100 });
    expect(panned(near, whole, -500)).toEqual({ startMs: 0, endMs: 10 });
  });
});

describe('lanes', () => {
  const rows = clockRows(3, LANES);

  it('lie one below the other, rank by rank, and inside of the chart', () => {
    const edges = rows.lanes.flatMap(({ top, height }) => [top, top + height]);
    expect(edges).toEqual([...edges].sort((a, b) => a - b));
    expect(rows.height).toBeGreaterThan(edges.at(-1) ?? 0);
    expect(rows.lanes.map(({ rank }) => rank)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
  });

  it('are found under the pointer', () => {
    for (const row of rows.lanes) expect(rowAt(rows, row.top + row.height / 2)).toBe(row);
    expect(rowAt(rows, rows.height + 12)).toBeUndefined();
  });
});

describe('stretches', () => {
  const at = { rank: 1, startMs: 100, endMs: 104 };
  const place = { seq: 0, index: 2, segment: 0, from: 3, chunk: 1 };
  const span: StepSpan = { kind: 'step', phase: 'all-gather', ...at, ...place, bytes: 96, waitMs: 3 };

  it('of a ring step are a wait, on the lane for waits, and a copy', () => {
    const found = stretchesOf(span, 'wait');
    expect(found.map(({ kind, lane, startMs, endMs }) => [kind, lane, startMs, endMs])).toEqual([
      ['wait', 'wait', 100, 103],
      ['copy', 'comm', 103, 104],
    ]);
    expect(stretchesOf({ ...span, waitMs: 0 }, 'wait')).toHaveLength(1);
  });

  it('of a wait for others to read lie on the lane for waits', () => {
    const drain: Span = { kind: 'drain', seq: 0, ...at };
    expect(stretchesOf(drain, 'wait')).toMatchObject([{ kind: 'wait', lane: 'wait', startMs: 100 }]);
  });

  it('leave out whole collectives and the host', () => {
    const call = {
      collective: 'all_reduce',
      algorithm: 'ring',
      root: 0,
      seq: 0,
      length: 24,
      bytes: 96,
    } as const;
    expect(stretchesOf({ kind: 'collective', ...at, ...call }, 'wait')).toEqual([]);
    expect(stretchesOf({ kind: 'host', name: 'plan', ...at }, 'wait')).toEqual([]);
  });

  it('know the kinds of device work', () => {
    const ops = ['linear', 'linearPerHead', 'attention', 'add', 'rmsNorm'] as const;
    const kinds = ops.map((op) => stretchesOf({ kind: 'op', op, ...at }, 'wait')[0]?.kind);
    expect(kinds).toEqual(['product', 'product', 'product', 'light', 'light']);
    const batch: Span = {
      kind: 'batch',
      ops: [
        { op: 'add', count: 2 },
        { op: 'linear', count: 1 },
      ],
      ...at,
    };
    expect(stretchesOf(batch, 'wait')).toMatchObject([{ kind: 'product', lane: 'device' }]);
    for (const kind of ['upload', 'readback'] as const)
      expect(stretchesOf({ kind, bytes: 4, ...at }, 'wait')).toMatchObject([{ kind, lane: 'device' }]);
  });

  it('are in the order of rank, lane and time', () => {
    const [a, b, c, d] = [
      stretch(0, 'product', 105, 106),
      stretch(0, 'copy', 101, 102),
      stretch(0, 'wait', 100, 101),
      stretch(1, 'product', 100, 101),
    ];
    expect(inOrder([d, c, b, a], LANES)).toEqual([a, b, c, d]);
  });
});

describe('bars', () => {
  const copies = Array.from({ length: 800 }, (_, i) =>
    stretch(i % 8, 'copy', 100 + i / 80, 100 + (i + 1) / 80),
  );
  const bars = barsOf(inOrder(copies, LANES), view, 1000);

  it('are one path for each kind on each rank', () => {
    const paths = barPaths(bars, clockRows(8, LANES));
    expect(paths).toHaveLength(8);
    expect(paths.reduce((sum, { d }) => sum + d.split('M').length - 1, 0)).toBe(bars.length);
    for (const { d } of paths) expect(d).not.toMatch(/NaN|undefined|e-/);
  });

  it('are walked by key, along a lane and to the nearest of the next', () => {
    const [first = 0, last = 0] = [bars.findIndex(({ rank }) => rank === 1), bars.length - 1];
    expect(indexAfterKey(bars, first, 'ArrowRight')).toBe(first + 1);
    expect(bars[indexAfterKey(bars, first + 5, 'ArrowDown')]).toMatchObject({ rank: 2 });
    expect(bars[indexAfterKey(bars, first + 5, 'ArrowUp')]).toMatchObject({ rank: 0 });
    expect(indexAfterKey(bars, first, 'End')).toBe(last);
    expect(indexAfterKey(bars, last, 'ArrowRight')).toBe(last);
    expect(indexAfterKey(bars, first, 'x')).toBe(-1);
  });

  it('of many stretches say how many and how long together', () => {
    const thin = Array.from({ length: 9 }, (_, i) => stretch(0, 'copy', 100 + i / 1000, 100.0005 + i / 1000));
    const [bar] = barsOf(thin, view, 100);
    const words = { copy: 'ring copy' } as ClockModel['words'];
    const model: ClockModel = {
      ...view,
      worldSize: 1,
      lanes: LANES,
      stretches: thin,
      words,
      describe: () => '',
      nameOf: () => '',
    };
    expect(bar && describeBar(model, bar)).toBe('rank 0: 9 × ring copy from 0 ms, together 0.005 ms');
  });
});
