import { expect, it } from 'vitest';
import { casesOf } from '#bench/cases.ts';
import { OPS, problemWithOptions } from '#bench/options.ts';
import { type Experiment, type Kinds, sameParams } from '#lab/experiment.ts';
import { layersExperiment } from '#lab/layers/experiment.ts';
import { splitExperiment } from '#lab/split/experiment.ts';
import { type Draw, faultsOf, mutateText } from '#numerics/testing/mutate.ts';
import { stepsOf } from '#program/plan.ts';
import * as bench from '../pages/bench/link.ts';
import { fromHash, toHash } from './hash.ts';

const LINKS = {
  split: [
    '#/split?split=pair&ranks=3&m=7&k=5&n=11&bias=0&stored=1&seed=4294967295&at=2&cell=2,7',
    '#/split?split=column&gatherOutput=0&device=cpu&biasOnEveryRank=1',
    '#/split?split=row&ranks=8&m=8&k=8192&n=2048',
  ],
  layers: [
    '#/layers?layer=mlp&ranks=3&s.intermediate=21&s.merged=1&at=5&open=gate_up_proj.weight',
    '#/layers?layer=moe&preset=deepseek-v3&tokens=9&seed=7&s.experts=16&s.topK=2&device=webgpu',
    '#/layers?layer=block&past=12&tokens=1&s.attention.heads=6&s.attention.kvHeads=3&s.attention.rope=0',
    '#/layers?layer=mla&s.heads=4&s.cache=naive&past=20',
  ],
  benchmark: [
    '#/benchmark?suite=all&ops=all_reduce,mlp&ranks=1,2&device=cpu&sizes=4KiB:16MiB:4&budget=150ms&seed=3',
    '#/benchmark?suite=layers,gemm&shapes=16x512x2048&model=llama-3.2-1b/4&tokens=16,1&past=0,128&kernels=tiles',
    '#/benchmark?suite=collectives&algorithms=ring,one-shot&placement=worker&table=layers&scaling=efficiency&on=3',
    '#/benchmark?suite=layers&model=hidden=64,intermediate=96,heads=4,kvHeads=2,headDim=16,vocab=100',
  ],
};
const VALUES = [
  '',
  '0',
  '-1',
  '1.5',
  '1e3',
  '1e999',
  '99999999999',
  'NaN',
  'Infinity',
  'true',
  '__proto__',
  'constructor',
  '🙂',
  '%',
  '%00',
  '%F0%9F',
  'a'.repeat(5000),
  '1,2',
  '8',
  '2',
  'auto',
  'block-sp',
];

function damage(links: readonly string[]): (draw: Draw) => string {
  const known = [
    ...new Set(links.flatMap((link) => [...link.matchAll(/[?&]([^=]+)=/g)].map(([, name = '']) => name))),
  ];
  return (draw) => {
    const link = draw.of(links);
    const [page = '', query = ''] = link.split('?');
    const pairs = query.split('&');
    const at = draw.below(pairs.length);
    const [name] = (pairs[at] ?? '').split('=');
    switch (draw.below(6)) {
      case 0:
        return mutateText(link, draw);
      case 1:
        return mutateText(mutateText(link, draw), draw);
      case 2:
        return `${page}?${pairs.toSpliced(at, 1).join('&')}`;
      case 3:
        return `${link}&${draw.of(known)}=${draw.of(VALUES)}`;
      case 4:
        return `${page}?${pairs.with(at, `${name}=${draw.of(VALUES)}`).join('&')}`;
      default:
        return `${page}?${pairs.with(at, mutateText(pairs[at] ?? '', draw)).join('&')}`;
    }
  };
}

/** The parameters of a link, and whether it says the same when it is written and read once more. */
function readTwice<E extends Kinds>(
  experiment: Experiment<E>,
  hash: string,
): { params: E['params']; wrong: string[] } {
  const link = fromHash(experiment, hash);
  const again = fromHash(experiment, toHash(experiment, link));
  const isSame =
    sameParams(experiment, again.params, link.params) &&
    toHash(experiment, again) === toHash(experiment, link);
  return { params: link.params, wrong: isSame ? [] : ['no round trip'] };
}

function wrongWithSplit(hash: string): string[] {
  const { params, wrong } = readTwice(splitExperiment, hash);
  const problem = splitExperiment.problemWith(params);
  if (problem !== null) return [...wrong, ...sentence(problem)];
  const { ranks, m, k, n } = params;
  const { products, output } = splitExperiment.planOf(params);
  for (const { shards, inFeatures, outFeatures, partial } of products) {
    const weights = shards.reduce(
      (sum, { w }) => sum + (w.rows.end - w.rows.start) * (w.cols.end - w.cols.start),
      0,
    );
    const whole = inFeatures * outFeatures;
    if (shards.length !== ranks || (weights !== whole && weights !== ranks * whole))
      wrong.push('weights are lost');
    if (partial && weights !== whole) wrong.push('a sum of copies');
  }
  if (![ranks, m, k, n, output.rows, output.cols].every((size) => Number.isInteger(size) && size > 0))
    wrong.push('sizes');
  if (ranks > 8 || m * k * n > 2 ** 31 || typeof params.bias !== 'boolean') wrong.push('it cannot run');
  return wrong;
}

function wrongWithLayers(hash: string): string[] {
  const { params, wrong } = readTwice(layersExperiment, hash);
  const problem = layersExperiment.problemWith(params);
  if (problem !== null) return [...wrong, ...sentence(problem)];
  const plan = layersExperiment.planOf(params);
  const { ranks, tokens, past, seed } = params;
  if (![ranks, tokens, seed + 1].every((size) => Number.isInteger(size) && size > 0) || !(past >= 0))
    wrong.push('sizes');
  for (const { shapes } of plan.tensors.values()) {
    const sizes = shapes.flat();
    if (shapes.length !== ranks || !sizes.every((size) => Number.isInteger(size) && size >= 0))
      wrong.push('shapes');
  }
  if (stepsOf(plan).length === 0) wrong.push('no steps');
  return wrong;
}

/** Many a damaged link is read as another was; to list the cases is nearly all of the work. */
const wrongByLink = new Map<string, string[]>();

function wrongWithBench(hash: string): string[] {
  const link = bench.fromHash(hash);
  const key = JSON.stringify({ ...link, problem: null });
  const wrong = wrongByLink.get(key) ?? wrongAsRead(link);
  wrongByLink.set(key, wrong);
  return link.problem === null ? wrong : [...wrong, ...sentence(link.problem)];
}

function wrongAsRead(link: bench.BenchLink): string[] {
  const again = bench.fromHash(bench.toHash(link));
  const wrong =
    JSON.stringify({ ...again, problem: link.problem }) === JSON.stringify(link) ? [] : ['no round trip'];
  if (again.problem !== null) wrong.push(`the canonical link says ${again.problem}`);
  if (problemWithOptions(link.options) !== null) wrong.push('it cannot run');
  const { options } = link;
  const cases = casesOf(options);
  if (cases.length === 0 || cases.length > 100_000) wrong.push(`${cases.length} cases`);
  const numbers = [
    ...options.ranks,
    ...options.sizes,
    ...options.shapes.flatMap(({ m, k, n }) => [m, k, n]),
    ...Object.values(options.model),
  ];
  if (!numbers.every((size) => Number.isInteger(size) && size > 0 && size <= 2 ** 28)) wrong.push('sizes');
  if (!options.ops.every((op) => OPS.includes(op)) || !(options.budgetMs <= 60_000)) wrong.push('words');
  return wrong;
}

/** A problem is one that can be shown. */
function sentence(problem: string): string[] {
  return problem.length < 1200 && /[.!?]$/.test(problem) ? [] : [`no sentence: ${problem}`];
}

it.each([
  ['Split', 4000, LINKS.split, wrongWithSplit],
  ['Layers', 3000, LINKS.layers, wrongWithLayers],
  ['Benchmark', 3000, LINKS.benchmark, wrongWithBench],
] as const)(
  '%s: none of %d damaged links breaks the page, or leads where it cannot run',
  (_, count, links, check) => {
    const { faults, taken } = faultsOf(count, damage(links), check, () => false);
    expect(faults).toEqual([]);
    expect(taken).toBe(count);
  },
  120_000,
);
