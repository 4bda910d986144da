import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lengthOf } from '../numerics/ranges.ts';
import { evenCut } from './cuts.ts';
import { layerProgram } from './layers.ts';
import { biasAfterSum, columnSplit, rowSplit } from './linear.ts';
import { programBuilder } from './ProgramBuilder.ts';
import { operandsOf, type Program, stepsOf, type Value } from './program.ts';
import { passes, specs, worldSizes } from './testing/specs.ts';

describe('a layer that would differ from the unsplit one is refused', () => {
  const open = () => {
    const b = programBuilder(2, 3);
    const x = b.input('x', [3, 4]);
    b.stage('split');
    const columns = evenCut('column', 6, 2);
    const h = columnSplit(b, 'h', x, { name: 'A', label: 'A', out: 6, in: 4 }, columns);
    const partial = rowSplit(b, 'partial', h, { name: 'B', label: 'B', out: 4, in: 6 }, columns);
    return { b, x, h, partial };
  };

  it('knows what a column split and a row split make', () => {
    const { h, partial } = open();
    expect(h.placement).toEqual({ kind: 'sharded', dim: 1 });
    expect(h.notes).toEqual(['columns 0–2', 'columns 3–5']);
    expect(partial.placement).toEqual({ kind: 'partial' });
  });

  it('an activation of a partial', () => {
    const { b, partial } = open();
    expect(() => b.gelu('y', partial, 'erf')).toThrow(
      'gelu would differ from the unsplit one: partial is partial',
    );
  });

  it('a whole added to a partial, which every rank would add', () => {
    const { b, x, partial } = open();
    expect(() => b.add('y', partial, x)).toThrow('add would differ from the unsplit one');
    const bias = { name: 'C', label: 'C', out: 4, in: 4, bias: true };
    expect(() => biasAfterSum(b, 'y', partial, bias)).toThrow('add would differ from the unsplit one');
    expect(b.add('y', partial, partial).placement).toEqual({ kind: 'partial' });
  });

  it('a product over columns that are cut otherwise than the weight', () => {
    const { b, h } = open();
    const weights = { name: 'C', label: 'C', out: 4, in: 6 };
    expect(() => rowSplit(b, 'y', h, weights, evenCut('column', 5, 2))).toThrow();
  });

  it('a sum of what is whole, and a gathering of what is not cut', () => {
    const { b, x, partial } = open();
    expect(() => b.allReduce('y', x)).toThrow('x is no partial');
    expect(() => b.allGather('y', partial)).toThrow('partial is not sharded');
  });
});

it('asks of each weight for every element, by one rank or by all that hold a copy', () => {
  fc.assert(
    fc.property(specs, worldSizes, passes, (spec, worldSize, { tokens }) => {
      const { storage } = layerProgram(spec, worldSize, { tokens });
      for (const stored of storage) {
        if (stored.kind !== 'weight') continue;
        const { value, parts } = stored;
        for (const rank of value.shapes.keys()) {
          const elements = parts(rank).reduce(
            (sum, { rows, cols }) => sum + lengthOf(rows) * (cols === null ? 1 : lengthOf(cols)),
            0,
          );
          const held = (value.shapes[rank] ?? []).reduce((product, size) => product * size, 1);
          const copies = stored.perExpert ? parts(rank).length : 1;
          // What is absorbed is half of the rows that it is made of.
          if (!value.id.includes(', ')) expect([value.id, elements]).toEqual([value.id, held * copies]);
        }
      }
    }),
  );
});

it('reads nothing that was not made before', () => {
  fc.assert(
    fc.property(specs, worldSizes, passes, (spec, worldSize, { tokens }) => {
      const program = layerProgram(spec, worldSize, { tokens });
      const known = new Set<Value>([...program.inputs, ...program.storage.map(({ value }) => value)]);
      for (const step of stepsOf(program)) {
        if (step.kind === 'experts') {
          for (const value of [step.tokens, step.shares, ...step.body.flatMap(({ output }) => output ?? [])])
            known.add(value);
        }
        for (const value of operandsOf(step)) expect(known).toContain(value);
        if (step.kind !== 'experts' && step.output !== null) known.add(step.output);
      }
      expect(known).toContain(program.output);
    }),
  );
});

it('keeps the same, for however many tokens it is written', () => {
  const kept = ({ storage }: Program) =>
    storage.map(({ kind, value: { id, shapes } }) => ({ kind, id, shapes }));
  fc.assert(
    fc.property(specs, worldSizes, passes, (spec, worldSize, { tokens, past }) => {
      const positions = tokens + past;
      expect(kept(layerProgram(spec, worldSize, { tokens, positions }))).toEqual(
        kept(layerProgram(spec, worldSize, { tokens: 1, positions })),
      );
    }),
  );
});
