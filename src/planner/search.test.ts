import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bestFabric, FABRICS, type Machine, NETWORKS, problemWithMachine } from '../machines/fabrics.ts';
import { GPUS } from '../machines/gpus.ts';
import { type Layout, tensorDegrees } from './layout.ts';
import { longestIn, memoryOf, weightBytesOf } from './memory.ts';
import { countConfig, countModel } from './model/countModel.ts';
import type { CountedModel } from './model/parts.ts';
import { PUBLIC_MODELS } from './model/publicModels.ts';
import { passTime } from './pass.ts';
import { planOf } from './plan.ts';
import { searchPlans } from './search.ts';
import { overSequences, paretoOf } from './tradeoff.ts';
import { storedIn, whatIfs } from './whatIfs.ts';

function machineOf(id: string, perNode: number, nodes = 1): Machine {
  const gpu = GPUS.find((one) => one.id === id);
  const fabric = FABRICS.find((one) => gpu !== undefined && one.id === bestFabric(gpu, perNode));
  if (gpu === undefined || fabric === undefined) throw new Error(`${id} is not known`);
  return { gpu, fabric, perNode, nodes, network: nodes > 1 ? (NETWORKS[0] ?? null) : null, ports: 8 };
}

const modelOf = (repository: string): CountedModel =>
  countConfig(PUBLIC_MODELS.find((one) => one.repository === repository)?.config);
const caseOf = (name: string): CountedModel =>
  countModel(readFileSync(new URL(`../../tests/cases/configs/${name}.json`, import.meta.url), 'utf8'));
const LLAMA_70B = modelOf('meta-llama/Meta-Llama-3-70B');
const LOAD = { work: 'serve' as const, sequences: 8, prompt: 3584, answer: 512, cacheBytes: 2 };
const layout = (tensor: number, more: Partial<Layout> = {}): Layout => ({
  ...{ tensor, pipeline: 1, expert: 1, data: 1 },
  ...more,
});

describe('memory', () => {
  it('of R1-Distill-Qwen-14B on two ranks is what vLLM says: 13.95 GiB of weights', () => {
    const { weights } = memoryOf(
      { model: caseOf('r1-distill-qwen14b'), machine: machineOf('a100', 2), load: LOAD },
      layout(2),
    );
    expect(Math.abs((weights * 1e9) / 2 ** 30 / 13.95 - 1)).toBeLessThan(0.02);
  });

  it('of experts is that of those a GPU has, and they may be spread over all copies', () => {
    const model = modelOf('Qwen/Qwen3-235B-A22B');
    const [one, spread] = [
      weightBytesOf(model, layout(1)),
      weightBytesOf(model, layout(1, { expert: 16, data: 16 })),
    ];
    const experts = model.layers.reduce(
      (sum, { count, weights }) =>
        sum +
        count * weights.reduce((bytes, weight) => bytes + (weight.cut === 'experts' ? weight.bytes : 0), 0),
      0,
    );
    expect(one - spread).toBeCloseTo((experts * 15) / 16, -3);
  });

  it('is what the longest context leaves none of', () => {
    const bytes = 20e9;
    const tokens = longestIn({ ...LLAMA_70B, maxPositions: 1e9 }, layout(8), 2, bytes);
    // 80 layers, one key/value head of 128 columns a rank, in 16 bits.
    expect(tokens).toBe(Math.floor(bytes / (80 * 2 * 128 * 2)));
  });
});

describe('a pass', () => {
  const h100 = machineOf('h100', 8);

  it('of a prompt takes what its FLOPs take', () => {
    const { flopsMs, readMs } = passTime(LLAMA_70B, h100, {
      tensor: 8,
      sequences: 1,
      tokens: 8192,
      context: 0,
    });
    const products = 2 * 68.5e9 * 8192; // of all but the tables
    const attention = 80 * 4 * 64 * 128 * (8191 / 2) * 8192;
    expect(flopsMs / ((products + attention) / 8 / (989e12 * 0.55) / 1e-3)).toBeCloseTo(1, 2);
    expect(flopsMs).toBeGreaterThan(readMs);
  });

  it('of one token reads few experts, and the busiest GPU of dealt ones more than the mean', () => {
    const model = modelOf('mistralai/Mixtral-8x7B-v0.1');
    const read = (expert: number, sequences: number): number =>
      passTime(model, h100, { tensor: 8, expert, sequences, context: 0 }).readMs;
    expect(read(8, 1)).toBeGreaterThan(1.5 * read(1, 1));
    expect(read(8, 512) / read(1, 512)).toBeCloseTo(1, 2); // all are read
  });
});

describe('a plan', () => {
  it('of four stages leaves three idle for one sequence, and is no quicker', () => {
    const machine = machineOf('h100', 8);
    const one = { ...LOAD, sequences: 1 };
    const [stages, none] = [4, 1].map((pipeline) =>
      planOf({ model: LLAMA_70B, machine, load: one }, layout(2, { pipeline })),
    );
    expect(stages?.step.idleShare).toBe(0.75);
    expect(stages?.step.totalMs).toBeGreaterThan(none?.step.totalMs ?? Number.NaN);
  });

  it('has the collectives of its stage on each GPU, for each part of the sequences', () => {
    const machine = machineOf('h100', 8);
    const on = (pipeline: number, sequences: number): number =>
      planOf({ model: LLAMA_70B, machine, load: { ...LOAD, sequences } }, layout(2, { pipeline })).step
        .collectives;
    expect(on(1, 4)).toBe(162); // two a layer, the embedding's, and the gathering of the logits
    expect(on(4, 1)).toBe(162 / 4);
    expect(on(4, 8)).toBe(162);
  });

  it('reads prompts between steps', () => {
    const machine = machineOf('h100', 8);
    const [short, long] = [256, 7680].map((prompt) =>
      planOf({ model: LLAMA_70B, machine, load: { ...LOAD, prompt } }, layout(8)),
    );
    expect(long?.serving?.firstTokenMs).toBeGreaterThan(15 * (short?.serving?.firstTokenMs ?? Number.NaN));
    expect(long?.tokensPerSecond).toBeLessThan((1e3 / (long?.step.totalMs ?? 0)) * 8);
  });
});

describe('a step of training', () => {
  const question = {
    model: LLAMA_70B,
    machine: machineOf('h100', 8, 8),
    load: { work: 'train' as const, sequences: 64, prompt: 4096, answer: 0, cacheBytes: 2 },
  };

  it('takes three times the FLOPs of its tokens, and waits as the pipeline fills', () => {
    const plan = planOf(question, layout(8, { pipeline: 4, data: 2 }));
    const products = 2 * 68.5e9 + 80 * 4 * 64 * 128 * (4095 / 2);
    const each = (3 * products * 4096 * 32) / 8 / 4; // 32 sequences a copy, over eight ranks and four stages
    expect(plan.step.flopsMs / ((each / (989e12 * 0.55)) * 1e3)).toBeCloseTo(1, 1);
    expect(plan.step.idleShare).toBeGreaterThan(0.07);
    expect(plan.step.idleShare).toBeLessThan(3 / 35);
    expect(plan.serving).toBeNull();
  });

  it('holds sixteen bytes for every weight of two, and the copies share twelve of them', () => {
    const { memory } = planOf(question, layout(8, { pipeline: 8 }));
    expect(memory.states / memory.weights).toBeCloseTo(7, 6);
    const shared = planOf(question, layout(8, { pipeline: 4, data: 2 })).memory;
    expect(shared.states / shared.weights).toBeCloseTo(4, 6);
    // Korthikanti et al.: 34·s·h/t for each of the layers of all stages, as many sequences are under way.
    expect(memory.activations).toBeCloseTo((80 * 4096 * 8192 * 34) / 8 / 1e9, 6);
  });
});

describe('the search', () => {
  it('needs four GPUs of 80 GB for 70 billion weights of two bytes, and says what is in the way of one', () => {
    const plans = searchPlans({ model: LLAMA_70B, machine: machineOf('h100', 8), load: LOAD }, 'fewest');
    expect(plans[0]).toMatchObject({ fits: true, gpus: 4 }); // two hold the weights, and not the cache beside a reserve
    expect(plans.find(({ gpus }) => gpus === 1)).toMatchObject({ fits: false, limit: 'memory' });
  });

  it('takes all GPUs of a node for the lowest latency', () => {
    const [best] = searchPlans({ model: LLAMA_70B, machine: machineOf('h100', 8), load: LOAD }, 'latency');
    expect(best).toMatchObject({ tensor: 8, pipeline: 1, data: 1, limit: 'bandwidth' });
  });

  it('cuts where heads and widths divide', () => {
    expect(tensorDegrees(modelOf('Qwen/Qwen2.5-0.5B'), 'serve')).toEqual([1, 2]);
    expect(tensorDegrees(modelOf('meta-llama/Meta-Llama-3-8B'), 'serve')).toEqual([1, 2, 4, 8, 16, 32]);
  });

  it('deals experts out where the blocks of their weights break', () => {
    const model = caseOf('qwen3-480b-fp8');
    expect(tensorDegrees(model, 'serve')).toEqual([1, 2, 4]);
    expect(tensorDegrees(model, 'serve', { dealt: true })).toEqual([1, 2, 4, 8, 16, 32]);
    expect(tensorDegrees(model, 'train')).toContain(8);
    const plans = searchPlans({ model, machine: machineOf('h200', 8), load: LOAD }, 'latency');
    expect(new Set(plans.filter(({ tensor }) => tensor === 8).map(({ expert }) => expert))).toEqual(
      new Set([8]),
    );
    const dense = searchPlans({ model: LLAMA_70B, machine: machineOf('h100', 8), load: LOAD }, 'latency');
    expect(dense.every(({ expert }) => expert === 1)).toBe(true);
  });

  it('deals out as many experts to each', () => {
    const model = modelOf('Qwen/Qwen3-235B-A22B'); // 128 experts
    const plans = searchPlans({ model, machine: machineOf('h100', 8, 5), load: LOAD }, 'fewest');
    expect(plans.every(({ expert }) => 128 % expert === 0)).toBe(true);
    expect(plans.some(({ expert, data }) => expert > 1 && data > 1)).toBe(true);
  });

  it('leaves whole what engines refuse to cut', () => {
    expect(tensorDegrees(caseOf('llama3-8b-bnb4'), 'serve')).toEqual([1]);
    expect(tensorDegrees(caseOf('llama3-8b-bnb4'), 'train')).toContain(8);
  });

  it('goes over 4,096 GPUs in a moment', () => {
    const from = performance.now();
    const model = modelOf('meta-llama/Llama-3.1-405B');
    const plans = searchPlans({ model: model, machine: machineOf('h100', 8, 512), load: LOAD }, 'throughput');
    expect(plans.length).toBeGreaterThan(100);
    expect(Math.max(...plans.map(({ gpus }) => gpus))).toBe(4096);
    expect(performance.now() - from).toBeLessThan(1000);
  });
});

describe('what else would be', () => {
  const machine = {
    ...machineOf('a100', 4),
    fabric: FABRICS.find(({ id }) => id === 'pcie4') ?? FABRICS[0],
  } as Machine;

  const question = { model: LLAMA_70B, machine, load: { ...LOAD, sequences: 1 } };

  it('is told of changes alone that change something', () => {
    const found = whatIfs(question, layout(4));
    expect(found.map(({ id }) => id)).toEqual([
      'link',
      'sequences',
      'weights-8',
      'weights-4',
      'cache',
      'context',
    ]);
    const plan = planOf(question, layout(4));
    const of = (id: string) => found.find((one) => one.id === id)?.plan;
    expect(of('link')?.step.totalMs).toBeLessThan(0.9 * plan.step.totalMs);
    expect(of('weights-8')?.memory.weights).toBeLessThan(0.53 * plan.memory.weights);
    expect(storedIn(caseOf('llama2-70b-awq'), 4)).toBeNull();
  });

  it('by more sequences trades the speed of one for tokens of all', () => {
    const plans = overSequences({ ...question, load: LOAD }, layout(4)).map(({ plan }) => plan);
    expect(plans.length).toBeGreaterThan(3);
    const front = paretoOf(plans);
    expect(front[0]?.step.totalMs).toBe(Math.min(...plans.map(({ step }) => step.totalMs)));
    expect(front.at(-1)?.tokensPerSecond).toBe(Math.max(...plans.map((plan) => plan.tokensPerSecond)));
  });
});

it('a machine that cannot be is refused in a sentence', () => {
  expect(problemWithMachine(machineOf('h100', 8))).toBeNull();
  expect(problemWithMachine({ ...machineOf('h100', 8), perNode: 16 })).toBe(
    'NVLink joins at most 8 of H100 SXM. Choose PCIe for 16.',
  );
  expect(problemWithMachine(machineOf('m4-max', 2))).toContain('stands alone');
  expect(problemWithMachine({ ...machineOf('h100', 8, 2), network: null })).toContain('need a network');
});
