import { describe, expect, it } from 'vitest';
import type { Span } from '#base/trace.ts';
import type { LayerRun } from '#lab/layers/run.ts';
import { sequenceOf, stepsOf } from '#program/plan.ts';
import { planLayer } from '#program/planOf.ts';
import type { LayerEvent } from '#protocol.ts';
import { kindsIn } from '#ui/clock/stretch.ts';
import { clockOf, oneGoClock, traceLabels } from './layerClock.ts';
import { clockMoment, HINT, stepSpans } from './stepSpans.ts';
import { laneTotals } from './Totals.tsx';

const ORIGIN = 1_770_000_000_000;

function during(rank: number, from: number, to: number) {
  return { rank, startMs: ORIGIN + from, endMs: ORIGIN + to };
}

/** As a rank's log tells of it: the same subtractions and sums as in rank/programs/layer/events.ts. */
function eventOf(name: string, spans: readonly Span[], start: number): LayerEvent {
  const first = Math.min(...spans.map(({ startMs }) => startMs));
  const end = Math.max(...spans.map(({ endMs }) => endMs));
  const waitMs = spans.reduce((sum, span) => sum + (span.kind === 'step' ? span.waitMs : 0), 0);
  const ms = spans.length === 0 ? 0 : end - first;
  const range = { start, end: start + spans.length };
  return { name, flops: 0, elements: 0, made: 0, ms, gpuMs: null, waitMs, spans: range };
}

/** A run of a linear pair on two ranks, each operation a millisecond long and a collective four. */
function pairRun(): LayerRun {
  const spec = { layer: 'linear-pair', config: { hidden: 8, intermediate: 16, bias: false } } as const;
  const plan = planLayer(spec, 2, { tokens: 2, past: 0 });
  const spans: Span[] = [];
  const ranks = [0, 1].map((rank) => {
    let at = rank / 4;
    let count = 0;
    const put = (name: string, own: readonly Span[]): LayerEvent => {
      spans.push(...own);
      count += own.length;
      return eventOf(name, own, count - own.length);
    };
    const events = sequenceOf(plan, rank).map(({ step }) => {
      if (step.kind === 'op') {
        const own = [{ kind: 'op', op: 'linear', ...during(rank, at, at + 1), flops: 3e6 } as const];
        at += 1;
        return put(step.op, own);
      }
      const part = { seq: 0, index: 0, segment: 0, from: 1 - rank, chunk: 0, bytes: 1e6, waitMs: 1.5 };
      const call = { algorithm: 'ring', root: 0, seq: 0, length: 16, bytes: 64 } as const;
      const own: Span[] = [
        { kind: 'readback', ...during(rank, at, at + 1), bytes: 64 },
        { kind: 'step', phase: 'reduce-scatter', ...during(rank, at + 1, at + 3), ...part },
        { kind: 'drain', seq: 0, ...during(rank, at + 3, at + 3.25) },
        { kind: 'collective', collective: step.collective, ...call, ...during(rank, at + 1, at + 3.25) },
        { kind: 'upload', ...during(rank, at + 3.25, at + 4), bytes: 64 },
      ];
      at += 4;
      return put(step.collective, own);
    });
    return { rank, events };
  });
  return { plan, ranks, spans, startMs: ORIGIN, endMs: ORIGIN + 6.25 } as unknown as LayerRun;
}

const run = pairRun();
const steps = stepSpans(run);
const model = clockOf(run, steps);
const collective = stepsOf(run.plan).findIndex(({ kind }) => kind === 'collective');

describe('stepSpans', () => {
  it('knows the step of every span', () => {
    expect(steps.size).toBe(run.spans.length);
    for (const one of run.spans) {
      const found = steps.get(one)?.step;
      expect(found?.kind).toBe(one.kind === 'op' ? 'op' : 'collective');
    }
  });

  it('leaves out what is of no event', () => {
    const [first, ...others] = run.ranks;
    if (first === undefined) throw new Error('there is a rank');
    const events = first.events.map((event) => ({ ...event, spans: { start: 0, end: 0 } }));
    const found = stepSpans({ ...run, ranks: [{ ...first, events }, ...others] });
    expect([...found.keys()].every(({ rank }) => rank === 1)).toBe(true);
  });
});

describe('the clock of a layer', () => {
  it('speaks the plan’s words', () => {
    const texts = model.stretches.filter(({ span: { rank } }) => rank === 0).map(model.describe);
    expect(texts).toEqual([
      'x·Aᵀ (linear), 1.0 ms, from 0 ms to 1.0 ms, 3 M FLOP, 3 GFLOP/s',
      'h·Bᵀ (linear), 1.0 ms, from 1.0 ms to 2.0 ms, 3 M FLOP, 3 GFLOP/s',
      'all-reduce, readback, 1.0 ms, from 2.0 ms to 3.0 ms, 64 B',
      'all-reduce, upload, 0.75 ms, from 5.3 ms to 6.0 ms, 64 B',
      'all-reduce, reduce-scatter step 1, 0.50 ms, from 4.5 ms to 5.0 ms, chunk 0 of rank 1, 977 KiB, 2 GB/s',
      'all-reduce, wait in step 1, 1.5 ms, from 3.0 ms to 4.5 ms, for rank 1',
      'all-reduce, wait until all is read, 0.25 ms, from 5.0 ms to 5.3 ms',
    ]);
    expect(new Set(traceLabels(steps).values())).toEqual(new Set(['x·Aᵀ', 'h·Bᵀ']));
  });

  it('tells what ran side by side in one go, by its own name', () => {
    const oneGoSpans = run.spans.map(
      (span): Span => ({ ...span, startMs: span.startMs + 50, endMs: span.endMs + 50 }),
    );
    const oneGo = oneGoClock({ ...run, oneGoSpans });
    expect([oneGo.startMs, oneGo.endMs]).toEqual([ORIGIN + 50, ORIGIN + 56.25]);
    expect(laneTotals(oneGo)).toEqual(laneTotals(model));
    const [first] = oneGo.stretches;
    expect(first && oneGo.describe(first)).toMatch(/^linear, 1\.0 ms, from 0 ms to 1\.0 ms/);
  });

  it('has no lanes and no words for what ranks on one device do not do', () => {
    const call = { collective: 'all_reduce', algorithm: 'one-shot', root: 0, seq: 0 } as const;
    const spans: Span[] = [0, 1].flatMap((rank): Span[] => [
      { kind: 'op', op: 'linear', ...during(rank, 0, 1) },
      { kind: 'collective', ...call, length: 16, bytes: 64, ...during(rank, 1, 2) },
    ]);
    const shared = clockOf({ ...run, spans }, stepSpans({ ...run, spans, ranks: [] }));
    expect(shared.lanes.map(({ label }) => label)).toEqual(['device']);
    expect(kindsIn(shared)).toEqual(['upload', 'product', 'readback', 'light']);
    expect(kindsIn(model)).toEqual(['upload', 'product', 'readback', 'light', 'copy', 'wait']);
  });

  it('calls nothing a ring that is none', () => {
    const spans = run.spans.map(
      (span): Span => (span.kind === 'collective' ? { ...span, algorithm: 'one-shot' } : span),
    );
    const read = clockOf({ ...run, spans }, steps);
    expect(JSON.stringify([read.lanes, read.words])).not.toContain('ring');
    expect(model.words.copy).toBe('ring copy');
  });

  it('sums up the lanes of each rank', () => {
    expect(laneTotals(model)).toEqual([
      { device: 3.75, comm: 0.5, wait: 1.75 },
      { device: 3.75, comm: 0.5, wait: 1.75 },
    ]);
  });
});

describe('momentOf', () => {
  it('lights the spans of the step on all ranks', () => {
    const { cursor, lit, label } = clockMoment(run, steps, collective);
    expect(cursor).toEqual({ startMs: ORIGIN + 2, endMs: ORIGIN + 6.25 });
    expect(lit?.size).toBe(10);
    expect(label).toBe('all-reduce: from 2.0 ms, 4.3 ms from the first rank’s start to the last one’s end');
  });

  it('lights none once all is done', () => {
    const { lit, cursor, label } = clockMoment(run, steps, Number.POSITIVE_INFINITY);
    expect([lit, label]).toEqual([null, HINT]);
    expect(cursor.endMs).toBe(run.endMs);
  });
});
