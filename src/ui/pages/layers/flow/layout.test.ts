import { describe, expect, it } from 'vitest';
import { type ChoiceId, DEFAULT_PARAMS, LAYER_CHOICES } from '#lab/layers/params.ts';
import { normalize, specOf } from '#lab/layers/spec.ts';
import type { BlockConfig, MoeConfig } from '#program/configs.ts';
import type { LayerSpec } from '#program/layers.ts';
import { elementsOf, type LayerPlan, stepsOf, tensorOf } from '#program/plan.ts';
import { planLayer } from '#program/planOf.ts';
import { layoutFlow } from './layout.ts';
import type { Box, FlowLayout, FlowNode } from './layoutTypes.ts';
import { runsOn } from './made.ts';
import { CHAR, DOT, LINE, SPACE } from './text.ts';

const rope = { theta: 10_000 };
const attention = {
  hidden: 64,
  heads: 16,
  kvHeads: 4,
  headDim: 4,
  rope,
  qkvBias: true,
  qkNorm: true,
  normEpsilon: 1e-5,
};
const mla = {
  hidden: 64,
  heads: 6,
  qLoraRank: 24,
  kvLoraRank: 16,
  nopeDim: 8,
  ropeDim: 4,
  valueDim: 8,
  rope,
  normEpsilon: 1e-6,
};
const moe: MoeConfig = {
  hidden: 64,
  intermediate: 32,
  experts: 6,
  topK: 2,
  score: 'sigmoid',
  groups: 1,
  topGroups: 1,
  gateBias: true,
  normalize: true,
  routeScale: 2.5,
  sharedExperts: 1,
  reduce: 'once',
};
const mlp = { hidden: 64, intermediate: 172, activation: 'swiglu', bias: true, merged: true } as const;
const block = (sequenceParallel: boolean, of: BlockConfig['mlp']): LayerSpec => ({
  layer: 'block',
  config: { attention: { kind: 'attention', ...attention }, mlp: of, normEpsilon: 1e-5, sequenceParallel },
});
const vocab = { vocab: 250, hidden: 64, padTo: 16 };

const SPECS: Readonly<Record<string, LayerSpec>> = {
  ...Object.fromEntries(LAYER_CHOICES.map(({ id, label }) => [`${label}, as it comes`, asItComes(id)])),
  pair: { layer: 'linear-pair', config: { hidden: 64, intermediate: 172, bias: true } },
  embedding: { layer: 'embedding', config: vocab },
  head: { layer: 'head', config: vocab },
  loss: { layer: 'cross-entropy', config: vocab },
  mlp: { layer: 'mlp', config: mlp },
  attention: { layer: 'attention', config: attention },
  naive: { layer: 'mla', config: { ...mla, cache: 'naive' } },
  absorbed: { layer: 'mla', config: { ...mla, cache: 'absorbed' } },
  moe: { layer: 'moe', config: { ...moe, reduce: 'each' } },
  block: block(false, { kind: 'mlp', ...mlp }),
  'block of experts': block(false, { kind: 'moe', ...moe }),
  'block, sequence parallel': block(true, { kind: 'mlp', ...mlp }),
};
const WIDTHS = [326, 700, 1040];

function asItComes(layer: ChoiceId): LayerSpec {
  return specOf(normalize({ ...DEFAULT_PARAMS, layer })).spec;
}

function planOf(name: string, worldSize: number): LayerPlan {
  const spec = SPECS[name];
  if (spec === undefined) throw new Error(name);
  return planLayer(spec, worldSize, { tokens: 5, past: 3 });
}

function allRanks(plan: LayerPlan): number[] {
  return Array.from({ length: plan.worldSize }, (_, rank) => rank);
}

function nodesOf(layout: FlowLayout): FlowNode[] {
  return layout.rows.flatMap(({ nodes }) => nodes);
}

function overlap(a: Box, b: Box): boolean {
  const slack = 0.01;
  return (
    a.x + a.width > b.x + slack &&
    b.x + b.width > a.x + slack &&
    a.y + a.height > b.y + slack &&
    b.y + b.height > a.y + slack
  );
}

/** Every layer on 1 to 8 ranks and three widths, and on a narrow one with one rank of several. */
const CASES = Object.keys(SPECS).flatMap((name) =>
  [1, 3, 4, 8].flatMap((worldSize) => WIDTHS.map((width) => ({ name, worldSize, width }))),
);

describe.each(CASES)(
  'the layout of $name on $worldSize ranks, $width px wide',
  ({ name, worldSize, width }) => {
    const plan = planOf(name, worldSize);
    const layout = layoutFlow(plan, width, allRanks(plan));
    const nodes = nodesOf(layout);
    const idle = layout.rows.flatMap((row) => row.idle);

    it('has no overlaps', () => {
      const boxes: readonly Box[] = [...nodes, ...idle, ...layout.stages];
      expect(boxes.flatMap((box, i) => boxes.slice(i + 1).filter((other) => overlap(box, other)))).toEqual(
        [],
      );
    });

    it('is all inside', () => {
      const all: readonly Box[] = [...nodes, ...idle, ...layout.frames, ...layout.stages];
      const right = Math.max(width, layout.width) + 0.01;
      const outside = (box: Box): boolean =>
        box.x < 0 || box.y < 0 || box.x + box.width > right || box.y + box.height > layout.height + 0.01;
      expect(all.filter(outside)).toEqual([]);
      expect(layout.residuals.filter(({ points }) => points.some(([x]) => x > right))).toEqual([]);
    });

    it('draws every step that runs, every input and every tensor, each key once', () => {
      const keys = nodes.map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
      for (const [index, step] of stepsOf(plan).entries()) {
        const ops = layout.rows.filter((row) => row.step === index).flatMap((row) => row.nodes);
        const pills = ops.filter(({ kind }) => kind === 'op' || kind === 'collective');
        const running = allRanks(plan).filter((rank) => runsOn(step, rank));
        expect(pills.length).toBe(step.kind === 'collective' ? 1 : running.length);
      }
      const drawn = new Set(nodes.filter(({ kind }) => kind !== 'op').map(({ tensor }) => tensor));
      for (const [id, { shapes }] of plan.tensors) {
        if (shapes.some((shape) => elementsOf(shape) > 0)) expect(drawn).toContain(id);
      }
    });

    it('makes no box lower that has more elements and as many lines', () => {
      const tensors = nodes.filter(({ kind }) => kind === 'tensor');
      const size = ({ tensor, rank }: FlowNode): number =>
        elementsOf(tensorOf(plan, tensor).shapes[rank ?? 0] ?? []);
      const wrong = (a: FlowNode, b: FlowNode): boolean =>
        a.lines.length >= b.lines.length && size(a) >= size(b) && a.height < b.height - 0.01;
      expect(tensors.filter((a) => tensors.some((b) => wrong(a, b)))).toEqual([]);
    });

    it('keeps the lines of text inside of their boxes', () => {
      const charsOf = (node: FlowNode, line: FlowNode['lines'][number]): number =>
        line.reduce(
          (sum, { text }) => sum + text.length,
          (line.length - 1) * (node.rank === null ? DOT : SPACE),
        );
      const spills = (node: FlowNode): boolean =>
        node.lines.length * LINE > node.height ||
        node.lines.some((line) => charsOf(node, line) * CHAR > node.width);
      expect(nodes.filter(spills)).toEqual([]);
    });
  },
);

describe('layoutFlow', () => {
  it('draws one rank of several where it is asked to', () => {
    const plan = planOf('block', 4);
    const layout = layoutFlow(plan, 326, [2]);
    expect(layout.width).toBeLessThanOrEqual(326);
    expect(new Set(nodesOf(layout).map(({ rank }) => rank))).toEqual(new Set([2, null]));
  });

  it('says so where a rank has nothing to do', () => {
    const layout = layoutFlow(planOf('attention', 5), 1040, [0, 1, 2, 3, 4]);
    const idle = layout.rows.flatMap((row) => row.idle);
    expect(idle.length).toBeGreaterThan(0);
    expect(new Set(idle.map(({ rank, text }) => `${rank}: ${text}`))).toEqual(new Set(['4: no head']));
  });

  it('leads the residual from x to both adds of a block', () => {
    const plan = planOf('block', 2);
    const { residuals } = layoutFlow(plan, 1040, [0, 1]);
    expect(residuals.map(({ key }) => key.split(' ')[0])).toEqual(['x', 'x', 'x1', 'x1']);
  });

  it('shows by how much the ranks’ experts differ', () => {
    const spec = SPECS['moe'];
    if (spec === undefined) throw new Error('moe');
    const plan = planLayer(spec, 3, { tokens: 5, past: 0 }, [4, 4, 2, 0, 0, 0]);
    const { frames } = layoutFlow(plan, 1040, [0, 1, 2]);
    expect(frames.map(({ share }) => share)).toEqual([1, 0.25, 0]);
    expect(frames[2]?.lines.flat().map(({ text }) => text)).toEqual(['no token chose its experts']);
  });
});
