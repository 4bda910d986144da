import { describe, expect, it } from 'vitest';
import { type LayerSpec, layerProgram } from './layers.ts';
import { type Cost, costOf, type LayerPlan, stepsOf, tensorOf } from './plan.ts';
import { planLayer } from './planOf.ts';
import { textOf } from './torch/line.ts';
import { torchModule } from './torch/torchText.ts';

const pass = { tokens: 5, past: 0 };

function pair(blocks: number): LayerSpec {
  return { layer: 'linear-pair', config: { hidden: 4, intermediate: 6, bias: false, blocks } };
}

function planned(blocks: number): [LayerPlan, Cost] {
  const plan = planLayer(pair(blocks), 2, pass);
  return [plan, costOf(plan, 0)];
}

describe('a row split in blocks of rows', () => {
  it('costs the same products and bytes, a sum a block, and the copies', () => {
    const [, whole] = planned(1);
    const [plan, cost] = planned(2);
    expect(cost).toEqual({
      ...whole,
      // h and the partial [5, 3] and [5, 4] once more, the whole, and an index a row.
      activationBytes: whole.activationBytes + 4 * (15 + 20 + 5),
      collectives: [
        { kind: 'all_reduce', bytes: 4 * 12, wireBytes: 4 * 12 },
        { kind: 'all_reduce', bytes: 4 * 8, wireBytes: 4 * 8 },
      ],
    });
    expect(tensorOf(plan, 'partial of block 2').shapes).toEqual([
      [2, 4],
      [2, 4],
    ]);
  });

  it('writes each block where its rows are, behind the last of the sums', () => {
    const steps = stepsOf(planned(3)[0]).map((step) => (step.kind === 'op' ? step.op : step.collective));
    const block = ['upload', 'rows', 'linear', 'all_reduce'];
    const writes = ['zeros', 'writeRows', 'writeRows', 'writeRows'];
    expect(steps).toEqual(['linear', ...block, ...block, ...block, ...writes]);
    const program = layerProgram(pair(3), 1, { tokens: 5 });
    const text = torchModule(program, 'Pair').map(textOf).join('\n');
    expect(text).toContain('y[:len(y_of_block_1)] = y_of_block_1');
    expect(text).toContain('y[4:4 + len(y_of_block_3)] = y_of_block_3');
    expect(text).not.toContain('position');
  });

  it('has a row a block at least, and one block of one token or none asked for', () => {
    const sums = (blocks: number, tokens: number): number =>
      costOf(planLayer(pair(blocks), 2, { tokens, past: 0 }), 0).collectives.length;
    expect([sums(8, 5), sums(5, 5), sums(2, 1), sums(1, 5)]).toEqual([5, 5, 1, 1]);
    expect(() => sums(0, 5)).toThrow('linear-pair: blocks is 0; it needs to be a whole number from 1 up.');
    const mlp = { hidden: 4, intermediate: 6, bias: true, activation: 'gelu', merged: false } as const;
    const spec: LayerSpec = { layer: 'mlp', config: { ...mlp, blocks: 1.5 } };
    expect(() => planLayer(spec, 2, pass)).toThrow('mlp: blocks is 1.5;');
  });
});
