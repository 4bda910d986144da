import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ringSends } from '../collectives/work.ts';
import type { Pass } from './configs.ts';
import type { LayerSpec } from './layers.ts';
import { costOf, elementsOf, type LayerPlan, type PlannedOp, sequenceOf, stepsOf, tensorOf } from './plan.ts';
import { planLayer } from './planOf.ts';
import { blocks, moes, passes, specs, worldSizes } from './testing/specs.ts';

const runs = { numRuns: 300 };

function opsOf(plan: LayerPlan): PlannedOp[] {
  return stepsOf(plan).filter((step) => step.kind === 'op');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** How often the elements of a tensor are there, over all ranks: copies of key/value heads make it more than once. */
function timesHeld(plan: LayerPlan, whole: LayerPlan, id: string): number {
  const held = sum(tensorOf(plan, id).shapes.map(elementsOf));
  return held / elementsOf(tensorOf(whole, id).shapes[0] ?? []);
}

describe('every plan', () => {
  it('makes each tensor once, before it is used, and ends with its output', () => {
    fc.assert(
      fc.property(specs, worldSizes, passes, (spec, worldSize, pass) => {
        const plan = planLayer(spec, worldSize, pass);
        const known = new Set([...plan.inputs, ...plan.storage.map(({ id }) => id)]);
        const stepIds = stepsOf(plan).map(({ id }) => id);
        expect(new Set(stepIds).size).toBe(stepIds.length);
        for (const step of stepsOf(plan)) {
          const inputs = step.kind === 'op' ? step.inputs : [step.input];
          for (const input of inputs) expect(known, `${step.id} reads ${input}`).toContain(input);
          if (step.output === null) continue;
          expect(known, `${step.output} is made twice`).not.toContain(step.output);
          known.add(step.output);
        }
        expect(known).toContain(plan.output);
        expect([...plan.tensors.keys()].sort()).toEqual([...known].sort());
        for (const { shapes, notes } of plan.tensors.values()) {
          expect([shapes.length, notes.length]).toEqual([worldSize, worldSize]);
        }
      }),
      runs,
    );
  });

  it('does on p ranks what one rank does, once, but for what it says is on every rank', () => {
    fc.assert(
      fc.property(specs, worldSizes, passes, (spec, worldSize, pass) => {
        const plan = planLayer(spec, worldSize, pass);
        const whole = planLayer(spec, 1, pass);
        const wholeOps = new Map(opsOf(whole).map((op) => [op.id, op]));
        for (const op of opsOf(plan)) {
          const flops = op.runs.map(sum);
          const one = sum(wholeOps.get(op.id)?.runs[0] ?? []);
          const placement = op.output === null ? null : tensorOf(plan, op.output).placement.kind;
          const message = `${op.id} on ${worldSize}`;
          if (placement === 'replicated' || (placement === 'partial' && op.op === 'add')) {
            expect(flops, message).toEqual(flops.map(() => one));
          } else if (placement === 'sharded' && one > 0) {
            expect(sum(flops), message).toBeCloseTo(one * timesHeld(plan, whole, op.output ?? ''), 6);
          } else {
            expect(sum(flops), message).toBe(one);
          }
        }
      }),
      runs,
    );
  });

  it('cuts every weight into shards that are complete, and copies key/value heads alone', () => {
    fc.assert(
      fc.property(specs, worldSizes, passes, (spec, worldSize, pass) => {
        const plan = planLayer(spec, worldSize, pass);
        const whole = planLayer(spec, 1, pass);
        for (const { id, label, placement } of plan.storage) {
          const times = timesHeld(plan, whole, id);
          if (placement.kind === 'replicated') expect(times, id).toBe(worldSize);
          else if (/^(?:[Wb][kv]|[kv] cache)$/.test(label)) expect(Number.isInteger(times), id).toBe(true);
          else expect(times, id).toBe(1);
        }
      }),
      runs,
    );
  });

  it('sends in a ring what an all-reduce of the whole buffer sends: 2(p−1) of it, over all ranks', () => {
    fc.assert(
      fc.property(specs, worldSizes, passes, (spec, worldSize, pass) => {
        const plan = planLayer(spec, worldSize, pass);
        for (const step of stepsOf(plan)) {
          if (step.kind === 'op') continue;
          expect(sum(step.counts), step.id).toBe(step.length);
          const sent = sum(step.counts.map((_, rank) => ringSends(step, rank)));
          const passesRound = step.collective === 'all_reduce' ? 2 : 1;
          expect(sent, step.id).toBe(passesRound * (worldSize - 1) * step.length);
        }
      }),
      runs,
    );
  });

  it('costs what the sequence of its steps costs', () => {
    fc.assert(
      fc.property(specs, worldSizes, passes, (spec, worldSize, pass) => {
        const plan = planLayer(spec, worldSize, pass);
        for (let rank = 0; rank < worldSize; rank++) {
          const sequence = sequenceOf(plan, rank);
          const flops = sequence.map(({ step, run }) =>
            step.kind === 'op' ? (step.runs[rank]?.[run] ?? Number.NaN) : 0,
          );
          expect(sum(flops)).toBeCloseTo(costOf(plan, rank).flops, 6);
          const collectives = sequence.filter(({ step }) => step.kind === 'collective');
          expect(collectives).toHaveLength(costOf(plan, rank).collectives.length);
        }
      }),
      runs,
    );
  });
});

describe('sequenceOf', () => {
  it('runs an expert’s operations together, expert after expert, on ranks that have any', () => {
    fc.assert(
      fc.property(
        moes,
        worldSizes,
        fc.array(fc.nat(3), { minLength: 10, maxLength: 10 }),
        (config, p, counts) => {
          const routing = counts.slice(0, config.experts);
          const tokens = Math.max(1, ...routing);
          const plan = planLayer({ layer: 'moe', config }, p, { tokens, past: 0 }, routing);
          const body = ['tokens', 'xe', 'g', 'u', 'h', 'ye', 'weights', 'add'];
          let rounds = 0;
          for (let rank = 0; rank < p; rank++) {
            const looped = sequenceOf(plan, rank).filter(
              ({ step }) => step.kind === 'op' && step.loop !== null,
            );
            looped.forEach(({ step, run }, at) => {
              expect([step.id, run]).toEqual([body[at % body.length], Math.floor(at / body.length)]);
            });
            rounds += looped.length / body.length;
          }
          expect(rounds).toBe(routing.filter((count) => count > 0).length);
        },
      ),
      runs,
    );
  });

  it('leaves out what has nothing to make', () => {
    const spec: LayerSpec = {
      layer: 'mlp',
      config: { hidden: 4, intermediate: 2, activation: 'swiglu', bias: false, merged: false },
    };
    const plan = planLayer(spec, 3, { tokens: 1, past: 0 });
    const names = (rank: number) => sequenceOf(plan, rank).map(({ step }) => step.id);
    expect(names(0)).toEqual(['g', 'u', 'h', 'partial', 'sum']);
    expect(names(2)).toEqual(['partial', 'sum']); // a product over no columns: zeros, which the sum needs
  });
});

describe('sequence parallelism', () => {
  /** A mixture that reduces twice does so once with it: no comparison. */
  const comparable = blocks.filter(({ config: { mlp } }) => mlp.kind === 'mlp' || mlp.reduce === 'once');

  function both(spec: typeof comparable extends fc.Arbitrary<infer T> ? T : never, p: number, pass: Pass) {
    return [true, false].map((sequenceParallel) =>
      planLayer({ ...spec, config: { ...spec.config, sequenceParallel } }, p, pass),
    );
  }

  it('sends the same bytes, and on every rank where the tokens divide', () => {
    fc.assert(
      fc.property(comparable, worldSizes, passes, fc.boolean(), (spec, p, { tokens, past }, divides) => {
        const plans = both(spec, p, { tokens: divides ? tokens * p : tokens, past });
        const [cutWire, wholeWire] = plans.map((plan) =>
          Array.from({ length: p }, (_, rank) =>
            sum(costOf(plan, rank).collectives.map(({ wireBytes }) => wireBytes)),
          ),
        );
        expect(sum(cutWire ?? [])).toBe(sum(wholeWire ?? []));
        if (divides) expect(cutWire).toEqual(wholeWire);
      }),
      runs,
    );
  });

  it('keeps less from four ranks on, although what was gathered counts as well', () => {
    fc.assert(
      fc.property(comparable, fc.integer({ min: 4, max: 9 }), passes, (spec, p, { tokens, past }) => {
        const plans = both(spec, p, { tokens: tokens * p, past });
        const [parallel = 0, whole = 0] = plans.map((plan) => costOf(plan, p - 1).activationBytes);
        expect(parallel).toBeLessThan(whole);
      }),
      runs,
    );
  });

  it('keeps norms and residuals of a rank’s own tokens alone', () => {
    fc.assert(
      fc.property(comparable, fc.integer({ min: 2, max: 9 }), passes, (spec, p, { tokens, past }) => {
        const pass = { tokens: tokens * p, past };
        const [parallel, whole] = both(spec, p, pass);
        if (parallel === undefined || whole === undefined) throw new Error('two plans');
        for (const id of ['norm1', 'x1', 'norm2', 'y']) {
          const held = elementsOf(tensorOf(parallel, id).shapes[p - 1] ?? []);
          expect(held * p, id).toBe(elementsOf(tensorOf(whole, id).shapes[p - 1] ?? []));
        }
      }),
      runs,
    );
  });
});
