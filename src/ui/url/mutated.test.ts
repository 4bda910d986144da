import { expect, it } from 'vitest';
import { LabError } from '#base/errors.ts';
import { casesOf } from '#bench/cases.ts';
import { OPS, problemWithOptions } from '#bench/options.ts';
import { type Experiment, type Kinds, sameParams } from '#lab/experiment.ts';
import { layersExperiment } from '#lab/layers/experiment.ts';
import { problemWith as problemWithModel } from '#lab/model/params.ts';
import { isExhibit, ROUNDING } from '#lab/museum/store.ts';
import { isInLink } from '#lab/plan/params.ts';
import { modelOf, questionOf } from '#lab/plan/question.ts';
import { splitExperiment } from '#lab/split/experiment.ts';
import { type Draw, faultsOf, mutateText } from '#numerics/testing/mutate.ts';
import { stepsOf } from '#program/plan.ts';
import { llama } from '#program/testing/configs.ts';
import { DEVICE_CHOICES } from '#protocol.ts';
import * as bench from '../pages/bench/link.ts';
import * as model from '../pages/model/link.ts';
import { hashOfVisit, visitOf } from '../pages/museum/useMuseum.ts';
import * as plan from '../pages/plan/link.ts';
import { CHAPTERS } from '../pages/story/chapters/index.ts';
import { hashOfPlace, linkOf } from '../pages/story/place.ts';
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
  plan: [
    '#/plan?model=Qwen/Qwen2.5-0.5B&gpu=own&teraflops=120.5&bandwidth=900&memory=16&link=0&perNode=2&weights=4',
    '#/plan?gpu=h100&perNode=8&nodes=4&network=ib-ndr&ports=4&layout=4,2,1,4&measured=12.5,180&target=throughput',
    '#/plan?work=train&prompt=4096&sequences=256&reads=80&computes=50&layer=9&fabric=best&cache=8',
    `#/plan?model=mine&answer=32&config=${encodeURIComponent(JSON.stringify(llama))}`,
  ],
  model: [
    '#/model?ranks=2&device=cpu&placement=one-device&all-reduce=two-shot&weights=q8&prompt=One+day&tokens=24',
    '#/model?model=https://models.example/a/b/resolve/main/&temperature=0.7&top-k=40&top-p=0.9&min-p=0.05&seed=3',
    '#/model?model=files&penalty=1.1&stop=.&stop=%0A&ranks=8',
  ],
  story: [
    '#/story?chapter=4&round=2&device=cpu',
    '#/story?sheet=1&present=1',
    '#/story?chapter=10&round=999999999',
  ],
  museum: ['#/museum?bug=seam&mended=1&seed=4&device=webgpu', '#/museum?bug=rounding&seed=999999999'],
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
  '1,2',
  '8',
  '2',
  'auto',
  'block-sp',
];

/** What a sentence about it must not repeat. */
const LONG = 'a'.repeat(5000);

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
    const value = draw.below(4) === 0 ? LONG : draw.of(VALUES);
    switch (draw.below(6)) {
      case 0:
        return mutateText(link, draw);
      case 1:
        return mutateText(mutateText(link, draw), draw);
      case 2:
        return `${page}?${pairs.toSpliced(at, 1).join('&')}`;
      case 3:
        return `${page}?${draw.of(known)}=${value}&${query}`; // of two, the first is read
      case 4:
        return `${page}?${pairs.with(at, `${name}=${value}`).join('&')}`;
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

/** Whether a link that was read says the same when it is written and read once more. */
function same<Link>(hash: string, read: (hash: string) => Link, write: (link: Link) => string): string[] {
  const written = write(read(hash));
  return write(read(written)) === written ? [] : ['no round trip'];
}

function wrongWithPlan(hash: string): string[] {
  const params = plan.fromHash(hash);
  const wrong = isInLink(params) ? same(hash, plan.fromHash, plan.toHash) : [];
  try {
    const { model, machine, load } = questionOf(modelOf(params), params);
    const counts = [machine.perNode, machine.nodes, machine.ports, load.prompt, load.sequences];
    if (!counts.every((count) => Number.isInteger(count) && count > 0)) wrong.push('sizes');
    if (model.name.length > 100) wrong.push('no name');
  } catch (thrown) {
    if (!(thrown instanceof LabError) || thrown.code !== 'input') throw thrown;
    wrong.push(...sentence(thrown.message));
  }
  return wrong;
}

function wrongWithModel(hash: string): string[] {
  const wrong = same(hash, model.fromHash, model.toHash);
  const params = model.fromHash(hash);
  const problem = problemWithModel(params);
  if (problem !== null) return [...wrong, ...sentence(problem)];
  const { ranks, tokens, device, sampling, prompt } = params;
  if (![ranks, tokens].every((size) => Number.isInteger(size) && size > 0) || ranks > 8) wrong.push('sizes');
  if (!DEVICE_CHOICES.includes(device) || prompt.length > 100_000) wrong.push('it cannot run');
  if (!Object.values(sampling).every(Number.isFinite)) wrong.push('how it draws');
  return wrong;
}

function wrongWithStory(hash: string): string[] {
  const read = (text: string) => linkOf(text, CHAPTERS.length);
  const { chapter, round, device } = read(hash);
  const wrong = same(hash, read, hashOfPlace);
  if (CHAPTERS[chapter]?.given(round) === undefined && chapter !== CHAPTERS.length) wrong.push('no chapter');
  if (!DEVICE_CHOICES.includes(device)) wrong.push('it cannot run');
  return wrong;
}

function wrongWithMuseum(hash: string): string[] {
  const { exhibit, seed, device } = visitOf(hash);
  const wrong = same(hash, visitOf, hashOfVisit);
  if (!isExhibit(exhibit) && exhibit !== ROUNDING) wrong.push('no exhibit');
  if (!Number.isInteger(seed) || !DEVICE_CHOICES.includes(device)) wrong.push('it cannot run');
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
  return problem.length < 800 && /[.!?]$/.test(problem) ? [] : [`no sentence: ${problem}`];
}

it.each([
  ['Split', 2000, LINKS.split, wrongWithSplit],
  ['Layers', 2000, LINKS.layers, wrongWithLayers],
  ['Benchmark', 2000, LINKS.benchmark, wrongWithBench],
  ['Plan', 1500, LINKS.plan, wrongWithPlan],
  ['Model', 1500, LINKS.model, wrongWithModel],
  ['Story', 500, LINKS.story, wrongWithStory],
  ['Museum', 500, LINKS.museum, wrongWithMuseum],
] as const)(
  '%s: none of %d damaged links breaks the page, or leads where it cannot run',
  (_, count, links, check) => {
    const { faults, taken } = faultsOf(count, damage(links), check, () => false);
    expect(faults).toEqual([]);
    expect(taken).toBe(count);
  },
  60_000,
);
