import { describe, expect, it } from 'vitest';
import { orderOf } from '#lab/split/experiment.ts';
import { configOf, DEFAULT_PARAMS, type SplitParams } from '#lab/split/params.ts';
import { progressAt, ringOf, timelineOf } from '#lab/split/timeline.ts';
import { planSplit } from '#program/splitPlan.ts';
import { holdingsAfter } from '../ring/holdings.ts';
import { chunkStates } from './chunks.ts';
import { chunkPath, followedChunk, probeMomentOf } from './follow.ts';
import { layoutOf } from './layout.ts';
import { probeSumOf } from './probeSum.ts';

const planOf = (params: Partial<SplitParams>) => planSplit(configOf({ ...DEFAULT_PARAMS, ...params }));

/** What there is of Y[2, 7] at each moment, where rank r's term is r + 1 and the bias 0.5. */
function momentsOf(params: Partial<SplitParams>) {
  const plan = planOf(params);
  const cell = { row: 2, col: 7 };
  const order = orderOf(plan, cell);
  const sums = plan.collective?.kind === 'all_reduce';
  const bias = sums && plan.config.bias ? 0.5 : null;
  const result = order.reduce((sum, rank) => sum + rank + 1, bias ?? 0);
  const ranks = Array.from({ length: plan.config.worldSize }, (_, rank) => ({
    rank,
    term: order.includes(rank) ? rank + 1 : null,
    x: new Float32Array(0),
    w: new Float32Array(0),
    count: 4,
    bias,
    result,
    expected: result,
  }));
  const sum = probeSumOf(plan, { ...cell, order, ranks });
  const chunk = followedChunk(plan, cell);
  const ring = ringOf(plan);
  const timeline = timelineOf(plan);
  const moments = timeline.map((_, at) => {
    const progress = progressAt(timeline, at);
    const states = ring === null ? null : chunkStates(holdingsAfter(ring, progress.ringSteps));
    return sum && probeMomentOf(plan, sum, progress, chunk === null ? null : (states?.[chunk] ?? null));
  });
  return { order, moments };
}

describe('a cell of Y that is followed', () => {
  it('gets its terms one by one, on the rank that adds them, and the bias once at the end', () => {
    const { order, moments } = momentsOf({ split: 'row', ranks: 3 });
    const [a = 0, b = 0, c = 0] = order.map((rank) => rank + 1);
    expect(moments.map((moment) => [moment?.added, moment?.biased, moment?.value])).toEqual([
      [0, false, null], // cut
      [1, false, a], // multiply
      [2, false, a + b], // reduce-scatter
      [3, false, a + b + c],
      [3, false, a + b + c], // all-gather
      [3, false, a + b + c],
      [3, true, 6.5], // bias
      [3, true, 6.5], // done
    ]);
    expect(moments.map((moment) => moment?.words)).toEqual([
      'No rank has a term of it yet.',
      `Each rank has its own term of it. Rank ${order[0]}’s is the first of the sum.`,
      `Rank ${order[1]} has 2 of 3 terms in its sum.`,
      `The sum of all terms is on rank ${order[2]} alone.`,
      'The sum of all terms is on 2 of 3 ranks.',
      'The sum of all terms is on every rank. The bias is still to come.',
      null,
      null,
    ]);
  });

  it('is copied and not added where columns are gathered', () => {
    const { order, moments } = momentsOf({ split: 'column', ranks: 2 });
    expect(moments.map((moment) => moment?.words)).toEqual([
      'It is not computed yet.',
      `The value is on rank ${order[0]} alone.`,
      null,
      null,
    ]);
  });

  it('does not travel where nothing does', () => {
    expect(followedChunk(planOf({ split: 'column', gatherOutput: false }), { row: 0, col: 0 })).toBeNull();
    expect(followedChunk(planOf({ ranks: 1 }), { row: 0, col: 0 })).toBeNull();
    expect(followedChunk(planOf({}), { row: 99, col: 0 })).toBeNull();
    expect(momentsOf({ ranks: 1 }).moments.map((moment) => moment?.words)).toEqual([
      'It is not computed yet.',
      'The value is there. The bias is still to come.',
      null,
      null,
    ]);
  });

  it('has its chunk outlined on every sheet and in Y, and nowhere else', () => {
    const plan = planOf({ split: 'row', ranks: 4 });
    const { plates } = layoutOf(plan, false, 900);
    const outlined = plates.filter((plate) => chunkPath(plan, plate, 1) !== null);
    expect(outlined.map(({ id }) => id).sort()).toEqual([
      'output-0',
      ...[0, 1, 2, 3].map((rank) => `partial-0-${rank}`),
    ]);
  });
});
