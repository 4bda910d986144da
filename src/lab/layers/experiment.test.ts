import { describe, expect, it } from 'vitest';
import type { Span } from '../../base/trace.ts';
import { ringSends } from '../../collectives/work.ts';
import type { LayerSpec } from '../../program/layers.ts';
import { costOf, elementsOf, type LayerPlan, sequenceOf, tensorOf } from '../../program/plan.ts';
import { planLayer } from '../../program/planOf.ts';
import type { LayerEvent, LayerRankResult } from '../../protocol.ts';
import { verdictOf } from './experiment.ts';
import { measuredCosts } from './measured.ts';
import { stepTimes } from './stepTimes.ts';

const MOE: LayerSpec = {
  layer: 'moe',
  config: {
    hidden: 6,
    intermediate: 4,
    experts: 3,
    topK: 1,
    score: 'softmax',
    groups: 1,
    topGroups: 1,
    gateBias: false,
    normalize: true,
    routeScale: 1,
    sharedExperts: 0,
    reduce: 'each',
  },
};
/** Of 7 tokens, the experts of 3 ranks, one on each, get 5, 2 and none. */
const planOn = (worldSize: number): LayerPlan => planLayer(MOE, worldSize, { tokens: 7, past: 0 }, [5, 2, 0]);
const PLAN = planOn(3);

/** What ranks would tell that do as planned; each thing takes 2 ms, of which a collective waits 1. */
function ranksOf(plan: LayerPlan): LayerRankResult[] {
  return Array.from({ length: plan.worldSize }, (_, rank) => {
    const events = sequenceOf(plan, rank).map(({ step, run }): LayerEvent => {
      const shared = { ms: 2, gpuMs: null, spans: { start: 0, end: 0 } };
      const time = { ...shared, waitMs: step.kind === 'collective' ? 1 : 0 };
      if (step.kind === 'collective') {
        return { ...time, name: step.collective, flops: 0, elements: step.length, made: 0 };
      }
      const all = step.output === null ? 0 : elementsOf(tensorOf(plan, step.output).shapes[rank] ?? []);
      // The rounds of a loop share a tensor: here the first makes all of it.
      const made = run === 0 ? all : 0;
      return { ...time, name: step.op, flops: step.runs[rank]?.[run] ?? 0, elements: all, made };
    });
    const { weightBytes, kvBytes } = costOf(plan, rank);
    const check = rank > 0 ? null : { count: 42, maxAbsError: 0, tolerance: 1e-5, pass: true };
    return {
      rank,
      events,
      weightBytes,
      kvBytes,
      routing: [5, 2, 0],
      oneGoMs: 1,
      oneGoSpans: [],
      outputHash: 'a',
      check,
    };
  });
}

/** The trace of a ring: a span for the collective, and one for what each rank reads from the one before it. */
function spansOf(plan: LayerPlan): Span[] {
  const { worldSize } = plan;
  return Array.from({ length: worldSize }, (_, rank) => {
    const from = (rank + worldSize - 1) % worldSize;
    const sent = ringSends({ collective: 'all_reduce', length: 42, counts: [14, 14, 14] }, from);
    const span = { rank, seq: 3, startMs: 0, endMs: 1 };
    const call = { collective: 'all_reduce', algorithm: 'ring', root: 0, length: 42, bytes: 168 } as const;
    const step = { ...span, kind: 'step', index: 0, segment: 0, from, chunk: 0, waitMs: 1 } as const;
    const spans: Span[] = [
      { ...span, kind: 'collective', ...call },
      { ...step, phase: 'reduce-scatter', bytes: sent },
      { ...step, phase: 'all-gather', bytes: 3 * sent },
      { ...step, phase: 'exchange', from: rank, bytes: 1000 },
    ];
    return spans;
  }).flat();
}

const ranks = ranksOf(PLAN);
const predicted = ranks.map(({ rank }) => costOf(PLAN, rank));
const measured = measuredCosts(ranks, spansOf(PLAN));

describe('measuredCosts', () => {
  it('adds up what the logs and the trace tell, and counts what others read', () => {
    expect(measured).toEqual(predicted);
    expect(measured[0]?.collectives).toEqual([{ kind: 'all_reduce', bytes: 168, wireBytes: 4 * 56 }]);
  });

  it('does not take it from the plan', () => {
    const [first = ranks[0] as LayerRankResult] = ranks;
    const events = first.events.map((event) => ({ ...event, flops: 1, made: 10 }));
    const [cost] = measuredCosts([{ ...first, events, kvBytes: 7 }], []);
    expect(cost).toMatchObject({ flops: events.length, activationBytes: 40 * events.length, kvBytes: 7 });
    expect(cost?.collectives).toEqual([]);
  });
});

describe('verdictOf', () => {
  const verdict = (patch: (rank: LayerRankResult) => Partial<LayerRankResult>) =>
    verdictOf(
      PLAN,
      ranks.map((rank) => ({ ...rank, ...patch(rank) })),
      { predicted, measured },
    );

  it('is good where all is as planned', () => {
    expect(verdict(() => ({}))).toEqual({
      asPlanned: true,
      steps: [],
      sums: [],
      check: ranks[0]?.check,
      sameBits: true,
    });
  });

  it('names the rank that did something else', () => {
    const found = verdict(({ rank, events }) => (rank === 1 ? { events: events.slice(1) } : {}));
    expect(found.asPlanned).toBe(false);
    expect(new Set(found.steps.map(({ rank }) => rank))).toEqual(new Set([1]));
  });

  it('names the rank whose sums are others', () => {
    const wrong = measured.map((cost, rank) => (rank === 2 ? { ...cost, flops: cost.flops + 1 } : cost));
    const found = verdictOf(PLAN, ranks, { predicted, measured: wrong });
    expect(found.asPlanned).toBe(false);
    expect(found.sums).toEqual([
      `rank 2: flops: predicted ${predicted[2]?.flops}, measured ${wrong[2]?.flops}`,
    ]);
  });

  it('tells ranks with other bits from ranks with tokens of their own', () => {
    expect(verdict(({ rank }) => ({ outputHash: rank === 2 ? 'b' : 'a' })).sameBits).toBe(false);
    expect(verdict(() => ({ outputHash: null })).sameBits).toBeNull();
  });
});

describe('stepTimes', () => {
  const times = stepTimes(PLAN, ranks);

  it('adds up the rounds of a loop, and is zero on a rank that had none', () => {
    expect(times.get('g')).toEqual([
      { ms: 2, gpuMs: null, waitMs: 0 },
      { ms: 2, gpuMs: null, waitMs: 0 },
      { ms: 0, gpuMs: null, waitMs: 0 },
    ]);
    expect(times.get(PLAN.output)).toEqual(ranks.map(() => ({ ms: 2, gpuMs: null, waitMs: 1 })));
    const alone = planOn(1); // which has both experts, one after the other
    expect(stepTimes(alone, ranksOf(alone)).get('g')).toEqual([{ ms: 4, gpuMs: null, waitMs: 0 }]);
  });

  it('keeps GPU times apart from their absence', () => {
    const [first = ranks[0] as LayerRankResult, ...others] = ranks;
    const events = first.events.map((event) => ({ ...event, gpuMs: 0.5 }));
    const row = stepTimes(PLAN, [{ ...first, events }, ...others]).get('logits');
    expect(row?.map(({ gpuMs }) => gpuMs)).toEqual([0.5, null, null]);
  });
});
