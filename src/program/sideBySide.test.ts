import fc from 'fast-check';
import { expect, it } from 'vitest';
import { moeOf, planLayer } from '../math/plans/layers.ts';
import { evenRouting } from '../math/plans/moe.ts';
import { costOf, sequenceOf, stepsOf } from '../math/plans/plan.ts';
import { passes, specs, worldSizes } from '../math/plans/testing/specs.ts';
import { layerProgram } from './layers.ts';
import { planOf } from './planOf.ts';

it('plans what the layers’ plans say, step by step and byte by byte', () => {
  fc.assert(
    fc.property(specs, worldSizes, passes, (spec, worldSize, pass) => {
      const before = planLayer(spec, worldSize, pass);
      const moe = moeOf(spec);
      const positions = pass.past + pass.tokens;
      const program = layerProgram(spec, worldSize, { tokens: pass.tokens, positions });
      const after = planOf(program, {
        position: pass.past,
        ...(moe && { routing: evenRouting(moe, pass.tokens) }),
      });
      for (let rank = 0; rank < worldSize; rank++) {
        expect(costOf(after, rank)).toEqual(costOf(before, rank));
        expect(sequenceOf(after, rank).map(({ step, run }) => [step.id, run])).toEqual(
          sequenceOf(before, rank).map(({ step, run }) => [step.id, run]),
        );
      }
      const bare = (plan: typeof after) =>
        stepsOf(plan).map((step) => (step.kind === 'op' ? { ...step, label: '' } : step));
      expect(bare(after)).toEqual(bare(before));
      const shapes = (plan: typeof after) =>
        Object.fromEntries([...plan.tensors].map(([id, t]) => [id, [t.label, t.placement, t.shapes]]));
      expect(shapes(after)).toEqual(shapes(before));
      expect(after.stages.map((s) => s.title)).toEqual(before.stages.map((s) => s.title));
      for (const [id, tensor] of before.tensors) {
        if (tensor.notes.some((n) => n !== ''))
          expect([id, after.tensors.get(id)?.notes]).toEqual([id, tensor.notes]);
      }
    }),
    { numRuns: 60 },
  );
});
