import { describe, expect, it } from 'vitest';
import type { Carrier } from '#collectives/algorithm.ts';
import type { LayerSpec } from '#program/layers.ts';
import { sequenceOf, stepsOf, tensorOf } from '#program/plan.ts';
import { planLayer } from '#program/planOf.ts';
import { nodeAfterKey } from './arrowKeys.ts';
import { collectivePieces, collectiveTime, placementText, timeText } from './flowWords.ts';
import { layoutFlow } from './layout.ts';
import { isLastToChange, litBy, madeBy, makerOf, readersOf, weightsOf } from './made.ts';
import { nodeLabel } from './nodeWords.ts';
import { CHAR, DOT, piece, wrap } from './text.ts';
import { partedRanks, partingsOf, partingText } from './verdicts.ts';

const ATTENTION: LayerSpec = {
  layer: 'attention',
  config: {
    hidden: 64,
    heads: 8,
    kvHeads: 4,
    headDim: 8,
    rope: { theta: 10_000 },
    qkvBias: false,
    qkNorm: false,
    normEpsilon: 1e-5,
  },
};
const plan = planLayer(ATTENTION, 2, { tokens: 4, past: 0 });
const { rows } = layoutFlow(plan, 1000, [0, 1]);
const nodes = rows.flatMap((row) => row.nodes);
const stepNamed = (id: string) => {
  const step = stepsOf(plan).find((one) => one.id === id);
  if (step === undefined) throw new Error(id);
  return step;
};
const nodeNamed = (key: string) => {
  const node = nodes.find((one) => one.key === key);
  if (node === undefined) throw new Error(key);
  return node;
};

describe('wrap', () => {
  const texts = (words: string[], chars: number, between?: number): string[] =>
    wrap(
      words.map((word) => piece('label', word)),
      chars * CHAR,
      between,
    ).map((line) => line.map(({ text }) => text).join('_'));

  it('puts what fits on one line', () => {
    expect(texts(['q', '[4, 32]', 'heads 0–3'], 20)).toEqual(['q_[4, 32]_heads 0–3']);
    expect(texts(['q', '[4, 32]', 'heads 0–3'], 18)).toEqual(['q_[4, 32]', 'heads 0–3']);
  });

  it('counts what stands between', () => {
    expect(texts(['q', '[4, 32]'], 10, DOT)).toEqual(['q', '[4, 32]']);
  });

  it('breaks at spaces, then before brackets, then anywhere', () => {
    expect(texts(['log Σ + max'], 8)).toEqual(['log Σ +', 'max']);
    expect(texts(['softmax(q·kᵀ)·v'], 12)).toEqual(['softmax', '(q·kᵀ)·v']);
    expect(texts(['abcdef'], 4)).toEqual(['abcd', 'ef']);
  });

  it('leaves nothing of what is empty', () => {
    expect(texts(['', 'q'], 4)).toEqual(['q']);
  });
});

describe('what steps make and read', () => {
  it('follows an operation in place to what it changes', () => {
    expect(madeBy(stepNamed('k write'))).toBe('k cache');
    expect(makerOf(plan, 'k cache')?.id).toBe('k write');
    expect(readersOf(plan, 'k cache').map(({ id }) => id)).toEqual(['heads out']);
  });

  it('draws the sum of experts where the last one is added', () => {
    const moe = planLayer(
      {
        layer: 'moe',
        config: {
          hidden: 8,
          intermediate: 8,
          experts: 4,
          topK: 2,
          score: 'softmax',
          groups: 1,
          topGroups: 1,
          gateBias: false,
          normalize: true,
          routeScale: 1,
          sharedExperts: 0,
          reduce: 'once',
        },
      },
      2,
      { tokens: 4, past: 0 },
    );
    const steps = stepsOf(moe);
    const changing = steps.flatMap((step, index) => (madeBy(step) === 'routed partial' ? [index] : []));
    expect(changing.length).toBe(2);
    expect(changing.map((index) => isLastToChange(moe, index))).toEqual([false, true]);
  });

  it('takes caches for no weights', () => {
    expect(weightsOf(plan, stepNamed('q')).map(({ id }) => id)).toEqual(['q_proj.weight']);
    expect(weightsOf(plan, stepNamed('heads out'))).toEqual([]);
  });
});

describe('litBy', () => {
  it('lights what the plan says is read, on the same rank', () => {
    expect(litBy(plan, rows, 'o heads out 1').map(({ key }) => key)).toEqual([
      't q turned 1',
      't k cache 1',
      't v cache 1',
    ]);
  });

  it('lights the whole tensor and the weight beside the operation', () => {
    expect(litBy(plan, rows, 't k 0').map(({ key }) => key)).toEqual(['t x all', 'w k k_proj.weight 0']);
  });

  it('lights every partial for the collective that sums them', () => {
    expect(litBy(plan, rows, 'c y').map(({ key }) => key)).toEqual(['t partial 0', 't partial 1']);
  });

  it('lights nothing for a weight or an input', () => {
    expect(litBy(plan, rows, 'w k k_proj.weight 0')).toEqual([]);
    expect(litBy(plan, rows, 't x all')).toEqual([]);
  });
});

describe('nodeAfterKey', () => {
  it('goes to the neighbour in the direction of the key', () => {
    const from = nodeNamed('t partial 0');
    expect(nodeAfterKey(nodes, from, 'ArrowRight')?.key).toBe('t partial 1');
    expect(nodeAfterKey(nodes, from, 'ArrowDown')?.key).toBe('c y');
    expect(nodeAfterKey(nodes, from, 'ArrowUp')?.key).toBe('o partial 0');
  });

  it('stays where there is nothing further, and knows both ends', () => {
    expect(nodeAfterKey(nodes, nodeNamed('t x all'), 'ArrowUp')).toBeNull();
    expect(nodeAfterKey(nodes, nodeNamed('t partial 0'), 'End')?.key).toBe('t y all');
    expect(nodeAfterKey(nodes, nodeNamed('t partial 0'), 'Home')?.key).toBe('t x all');
    expect(nodeAfterKey(nodes, nodeNamed('t partial 0'), 'a')).toBeNull();
  });

  it('reaches every box from the first by arrows alone', () => {
    const reached = new Set([nodes[0]]);
    for (const from of reached) {
      if (from === undefined) continue;
      for (const key of ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']) {
        const to = nodeAfterKey(nodes, from, key);
        if (to !== null) reached.add(to);
      }
    }
    expect(nodes.filter((node) => !reached.has(node))).toEqual([]);
  });
});

describe('the words of the flow', () => {
  it('gives FLOPs before a run and milliseconds after it', () => {
    expect(timeText(stepNamed('q'), 0, undefined)).toBe('16.4 kFLOP');
    expect(timeText(stepNamed('q'), 0, { ms: 0.9, gpuMs: null, waitMs: 0 })).toBe('0.90 ms');
    expect(timeText(stepNamed('k write'), 0, undefined)).toBe('');
  });

  it('says what a collective moves', () => {
    const step = stepNamed('y');
    if (step.kind !== 'collective') throw new Error('y');
    expect(collectivePieces(step).map(({ text }) => text)).toEqual([
      'all-reduce',
      'of 1 KiB',
      'ring, 2 steps',
      'each sends 1 KiB',
    ]);
    const wordsBy = (carrier: Carrier): string[] =>
      collectivePieces({ ...step, carrier })
        .slice(2)
        .map(({ text }) => text);
    expect(wordsBy('one-shot')).toEqual(['one-shot', 'each reads 1 KiB']);
    expect(wordsBy('two-shot')).toEqual(['two-shot', 'each gets 1 KiB']);
    expect(wordsBy('one-device')).toEqual(['on one device', 'nothing is sent']);
    expect(
      collectiveTime([
        { ms: 2, gpuMs: null, waitMs: 0.5 },
        { ms: 3, gpuMs: null, waitMs: 1 },
      ]),
    ).toBe('3.0 ms, 1.0 ms of it waiting');
  });

  it('says where a tensor is', () => {
    expect(placementText(tensorOf(plan, 'q'), 1)).toBe('sharded along dim 1: heads 4–7');
    expect(placementText(tensorOf(plan, 'y'), 1)).toBe('replicated: the same bits on every rank');
    expect(placementText(tensorOf(plan, 'partial'), 1)).toBe(
      'partial: only the sum over the ranks is the tensor',
    );
  });

  it('names every box for those who do not see it', () => {
    expect(nodeLabel(plan, nodeNamed('o q 1'), stepNamed('q'), '0.90 ms')).toBe(
      'x·Wqᵀ on rank 1, 0.90 ms. Reads x, Wq. Opens q',
    );
    expect(nodeLabel(plan, nodeNamed('c y'), stepNamed('y'), '')).toBe(
      'all-reduce of partial. Ring of 2. Opens y',
    );
    const y = stepNamed('y');
    if (y.kind !== 'collective') throw new Error('y');
    expect(nodeLabel(plan, nodeNamed('c y'), { ...y, carrier: 'one-device' }, '')).toBe(
      'all-reduce of partial. 2 ranks on one device. Opens y',
    );
    expect(nodeLabel(plan, nodeNamed('t q 0'), stepNamed('q'), '')).toBe(
      'q on rank 0: [4, 32], 512 B, sharded along dim 1: heads 0–3',
    );
    expect(new Set(nodes.map((node) => nodeLabel(plan, node, undefined, ''))).size).toBeGreaterThan(20);
  });
});

describe('partingsOf', () => {
  it('finds the step that a difference is about', () => {
    const at = sequenceOf(plan, 1).findIndex(({ step }) => step.id === 'partial');
    const steps = [
      {
        rank: 1,
        at,
        planned: 'linear of 256 elements, 4096 FLOP',
        measured: 'add of 256 elements, 256 FLOP',
      },
      { rank: 0, at: 99, planned: null, measured: 'add of 4 elements, 4 FLOP' },
    ];
    const verdict = {
      asPlanned: false,
      steps,
      sums: [],
      check: { count: 1, maxAbsError: 0, tolerance: 1, pass: true },
      sameBits: true,
    };
    const partings = partingsOf({ plan, verdict });
    expect(partings.map(partingText)).toEqual([
      'out·Woᵀ on rank 1: predicted linear of 256 elements, 4096 FLOP, measured add of 256 elements, 256 FLOP',
      'after the last step on rank 0: predicted nothing, measured add of 4 elements, 4 FLOP',
    ]);
    expect(partedRanks(partings)).toEqual(new Map([['partial', [1]]]));
  });
});
