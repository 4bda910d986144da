import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FABRICS, NETWORKS } from '../../machines/fabrics.ts';
import { GPUS } from '../../machines/gpus.ts';
import { TARGETS } from '../../planner/search.ts';
import { DEFAULT_PARAMS, fromQuery, isInLink, OWN, type PlanParams, problemWith, toQuery } from './params.ts';

const size = (max: number, min = 1) => fc.integer({ min, max });

it('says nothing of the defaults, and reads back all else', () => {
  expect(toQuery(DEFAULT_PARAMS).toString()).toBe('');
  const arbitrary: fc.Arbitrary<PlanParams> = fc.record({
    model: fc.constantFrom('meta-llama/Llama-2-7b-hf', 'org/other'),
    config: fc.constantFrom('', '{"hidden_size":8}'),
    chosen: fc.option(fc.record({ tensor: size(64), pipeline: size(64), expert: size(64), data: size(64) })),
    measured: fc.option(
      fc.record({ alphaUs: fc.double({ min: 0.01, max: 99, noNaN: true }), betaGBs: size(900) }),
    ),
    gpu: fc.constantFrom(OWN, ...GPUS.map(({ id }) => id)),
    perNode: size(72),
    nodes: size(16_384),
    fabric: fc.constantFrom('best', ...FABRICS.map(({ id }) => id)),
    network: fc.constantFrom(...NETWORKS.map(({ id }) => id)),
    ports: size(32),
    work: fc.constantFrom('serve', 'train'),
    prompt: size(10_000_000),
    answer: size(1_000_000),
    sequences: size(65_536),
    cache: fc.constantFrom(16, 8),
    weights: fc.constantFrom(0, 8, 4),
    target: fc.constantFrom(...TARGETS),
    teraflops: size(100_000),
    bandwidth: size(1_000_000),
    memory: size(10_000),
    link: size(10_000, 0),
    reads: size(100),
    computes: size(100),
    layer: size(10_000, 0),
  });
  fc.assert(
    fc.property(arbitrary, (params) => {
      expect(fromQuery(new URLSearchParams(toQuery(params).toString()))).toEqual(params);
      expect(problemWith(params)).toBeNull();
    }),
  );
});

it('carries a file without its white space, and none that is too long', () => {
  const config = '{\n  "hidden_size": 8\n}\n';
  expect(toQuery({ ...DEFAULT_PARAMS, model: '', config }).toString()).toBe(
    'model=&config=%7B%22hidden_size%22%3A8%7D',
  );
  const long = JSON.stringify({ ignore: Array.from({ length: 500 }, (_, i) => `model.layers.${i}`) });
  expect(isInLink({ config: long })).toBe(false);
  expect(toQuery({ ...DEFAULT_PARAMS, model: 'a/b', config: long }).toString()).toBe('model=a%2Fb');
});

it.each([
  ['gpu=tpu', 'tpu'],
  ['nodes=0', 'number of nodes is 0'],
  ['perNode=2.5', '2.5'],
  ['cache=4', '4'],
  ['target=cheapest', 'cheapest'],
])('refuses %s in a sentence', (query, words) => {
  expect(problemWith(fromQuery(new URLSearchParams(query)))).toContain(words);
});

it.each(['layout=2,x,1,1', 'layout=0,1,1,1', 'layout=2', 'measured=3', 'measured=-1,2'])(
  'takes %s for nothing',
  (query) => {
    expect(fromQuery(new URLSearchParams(query))).toEqual(DEFAULT_PARAMS);
  },
);
