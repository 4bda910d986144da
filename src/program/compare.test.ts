import { describe, expect, it } from 'vitest';
import { costDifferences, differences, type MeasuredEvent } from './compare.ts';
import type { LayerSpec } from './layers.ts';
import { costOf, elementsOf, type LayerPlan, sequenceOf, tensorOf } from './plan.ts';
import { planLayer } from './planOf.ts';

const MLP: LayerSpec = {
  layer: 'mlp',
  config: { hidden: 6, intermediate: 5, activation: 'swiglu', bias: false, merged: false },
};
const plan = planLayer(MLP, 2, { tokens: 3, past: 0 });

/** What a rank would tell that does exactly what is planned. */
function logOf(of: LayerPlan, rank: number): MeasuredEvent[] {
  return sequenceOf(of, rank).map(({ step, run }) => {
    if (step.kind === 'collective') return { name: step.collective, flops: 0, elements: step.length };
    const shape = step.output === null ? [] : (tensorOf(of, step.output).shapes[rank] ?? []);
    return { name: step.op, flops: step.runs[rank]?.[run] ?? 0, elements: elementsOf(shape) };
  });
}

describe('differences', () => {
  const log = logOf(plan, 1);
  const changed = (at: number, patch: Partial<MeasuredEvent>): MeasuredEvent[] =>
    log.map((event, i) => (i === at ? { ...event, ...patch } : event));

  it('finds none where the rank did as planned', () => {
    expect(log.map(({ name }) => name)).toEqual(['linear', 'linear', 'siluMul', 'linear', 'all_reduce']);
    expect(differences(plan, 1, log)).toEqual([]);
    // The other rank has 3 of the 5 columns.
    expect(differences(plan, 0, log)).not.toEqual([]);
  });

  it.each([
    ['another operation', changed(2, { name: 'gelu' }), 'gelu of 6 elements, 30 FLOP'],
    ['other FLOPs', changed(2, { flops: 31 }), 'siluMul of 6 elements, 31 FLOP'],
    ['other sizes', changed(2, { elements: 7 }), 'siluMul of 7 elements, 30 FLOP'],
  ])('finds %s', (_, events, measured) => {
    expect(differences(plan, 1, events)).toEqual([
      { rank: 1, at: 2, planned: 'siluMul of 6 elements, 30 FLOP', measured },
    ]);
  });

  it('finds an event that is missing at the end, and one too many', () => {
    expect(differences(plan, 1, log.slice(0, -1))).toEqual([
      { rank: 1, at: 4, planned: 'all_reduce of 18 elements, 0 FLOP', measured: null },
    ]);
    expect(differences(plan, 1, [...log, { name: 'add', flops: 18, elements: 18 }])).toEqual([
      { rank: 1, at: 5, planned: null, measured: 'add of 18 elements, 18 FLOP' },
    ]);
  });

  it('finds one that is missing in the middle, and all that is out of place behind it', () => {
    const found = differences(plan, 1, log.toSpliced(2, 1));
    expect(found.map(({ at }) => at)).toEqual([2, 3, 4]);
    expect(found.at(-1)?.measured).toBeNull();
  });
});

describe('costDifferences', () => {
  const cost = costOf(plan, 1);

  it('finds none where all is equal', () => {
    expect(cost.flops).toBe(2 * 3 * 6 * 2 * 3 + 30);
    expect(costDifferences(cost, costOf(plan, 1))).toEqual([]);
  });

  it.each(['flops', 'weightBytes', 'kvBytes', 'activationBytes'] as const)('finds other %s', (field) => {
    const wrong = cost[field] + 4;
    expect(costDifferences(cost, { ...cost, [field]: wrong })).toEqual([
      `${field}: predicted ${cost[field]}, measured ${wrong}`,
    ]);
  });

  it('finds a collective that is missing, too large, of another kind, or sends something else', () => {
    const [one] = cost.collectives;
    if (one === undefined) throw new Error('an MLP has an all-reduce');
    expect(one).toEqual({ kind: 'all_reduce', bytes: 72, wireBytes: 72 });
    const lists = [
      [],
      [one, one],
      [{ ...one, bytes: 76 }],
      [{ ...one, wireBytes: 76 }],
      [{ ...one, kind: 'all_gather' as const }],
    ];
    for (const collectives of lists) {
      expect(costDifferences(cost, { ...cost, collectives })).toHaveLength(1);
    }
    expect(costDifferences(cost, { ...cost, collectives: [] })).toEqual([
      'collectives: predicted all_reduce of 72 B, 72 B sent; measured none',
    ]);
  });
});
