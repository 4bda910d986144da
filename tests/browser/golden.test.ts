/** Every layer, on real ranks in real workers and on both devices, against what PyTorch made of the same numbers. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, type RankGroup } from '../../src/index.ts';
import { LAYER_NAMES } from '../../src/program/layers.ts';
import { compare } from './compareGolden.ts';
import { type GoldenCase, goldenCases } from './golden.ts';
import type { LayersProgram } from './layers.rank.ts';
import type { LayerCase } from './openLayer.ts';

const cases = await goldenCases(...LAYER_NAMES, 'norms');
/** One of each layer, its last. */
const samples = [...new Map(cases.map((one) => [one.name.split(' ')[0], one])).values()];

type Group = RankGroup<LayersProgram>;

function start(device: 'cpu' | 'webgpu', worldSize: number): Promise<Group> {
  const program = () => new Worker(new URL('./layers.rank.ts', import.meta.url), { type: 'module' });
  return launch<LayersProgram>({ worldSize, device, program });
}

function sample(layer: GoldenCase['spec']['layer']): GoldenCase {
  const found = samples.find(({ spec }) => spec.layer === layer);
  if (found === undefined) throw new Error(`there is no case of ${layer}`);
  return found;
}

/** What each rank says to a case that it refuses; '' of a rank that does not. */
async function messages(group: Group, testCase: LayerCase, loads = true): Promise<string[]> {
  return (await group.all((rank) => rank.refused(testCase, loads))).map(({ message }) => message);
}

it('there is a case of every layer', () => {
  const expected = [...LAYER_NAMES, 'rms-norm', 'layer-norm'];
  expect(samples.map(({ spec }) => spec.layer).sort()).toEqual(expected.sort());
});

/** What WebGPU adds is in a rank; how ranks go together is all there on the CPU. */
const GROUPS = [
  ...[1, 2, 3, 4, 8].map((worldSize) => ['cpu', worldSize] as const),
  ...[1, 3, 8].map((worldSize) => ['webgpu', worldSize] as const),
];

describe.each(GROUPS)('on %s, %i ranks', (device, worldSize) => {
  let group: Group;
  beforeAll(async () => {
    group = await start(device, worldSize);
  });
  afterAll(() => group.close());

  it('every layer is PyTorch’s', { timeout: 90_000 }, async () => {
    expect(group.devices.map(({ kind }) => kind)).toEqual(Array.from({ length: worldSize }, () => device));
    // Eight software devices take a second for a case: there each layer has one, and all of them on the CPU.
    const all = device === 'webgpu' && worldSize === 8 ? samples : cases;
    for (const golden of all) await compare(group, golden);
  });

  if (worldSize !== 3) return;
  it('a layer gives the same again, and after another load(); what it refuses does no harm', async () => {
    for (const golden of samples) {
      for (const [first, again, reloaded] of await group.all((rank) => rank.repeat(golden))) {
        expect(again, golden.name).toEqual(first);
        expect(reloaded, golden.name).toEqual(first);
      }
      for (const message of await messages(group, golden, false)) {
        expect(message, golden.name).toMatch(/Call load(From)?\(\) first\.$/);
      }
    }
    await refusesIds(group);
    await refusesTokens(group);
    await refusesWeights(group);
    await compare(group, sample('block'));
  });

  it('a NaN in a weight comes out of every layer', { timeout: 90_000 }, () => letsNanOut(group));
});

/** One NaN in any weight comes out, wherever it is used: a broken checkpoint never looks healthy. */
async function letsNanOut(group: Group): Promise<void> {
  const single = samples.filter(({ spec }) => !('attention' in spec.config)); // a block is made of the others
  for (const golden of single) {
    for (const [name, { shape, data }] of Object.entries(golden.weights)) {
      if (!isUsed(golden, name)) continue;
      const width = shape.at(-1) ?? 0;
      const at = golden.spec.layer === 'embedding' ? (golden.ids[0] ?? 0) * width : 0;
      const broken = data.map((value, i) => (i === at ? Number.NaN : value));
      const weights = { ...golden.weights, [name]: { shape, data: broken } };
      for (const { passes } of await group.all((rank) => rank.run({ ...golden, weights }))) {
        const y = passes.flatMap((pass) => [...pass.y]);
        expect(y.some(Number.isNaN), `${golden.name}: ${name}`).toBe(true);
      }
    }
  }
}

/** The gate's bias chooses and does not weigh; and experts may be idle. */
function isUsed({ routing }: GoldenCase, weight: string): boolean {
  if (weight.endsWith('e_score_correction_bias')) return false;
  const expert = /(?:^|\.)experts\.(\d+)\./.exec(weight)?.[1];
  return expert === undefined || (routing?.[Number(expert)] ?? 0) > 0;
}

async function refusesIds(group: Group): Promise<void> {
  for (const golden of [sample('embedding'), sample('cross-entropy')]) {
    const vocab = golden.weights['weight']?.shape[0] ?? 0;
    for (const id of [-1, vocab, 1.5, Number.NaN]) {
      const results = await group.all((rank) => rank.refused({ ...golden, ids: [id] }, true));
      expect(results).toEqual(
        results.map(() => ({
          message: `${id} is no token id: they go from 0 to ${vocab - 1}.`,
          cached: 0,
          afterFree: 0,
        })),
      );
    }
  }
}

async function refusesTokens(group: Group): Promise<void> {
  const cached = cases.filter(({ passes }) => passes.length > 1);
  for (const golden of cached) {
    const [first = 0, second = 0] = golden.passes;
    const positions = first + second - 1;
    const results = await group.all((rank) => rank.refused({ ...golden, positions }, true));
    const message = `The cache holds ${positions} tokens; ${first} are there, and ${second} more do not fit.`;
    expect(results, golden.name).toEqual(results.map(() => ({ message, cached: first, afterFree: 0 })));
  }
}

/** load() without a weight, or with one that is too small, names it on a rank that needs it. */
async function refusesWeights(group: Group): Promise<void> {
  for (const golden of samples) {
    for (const [name, { shape }] of Object.entries(golden.weights)) {
      const { [name]: _, ...others } = golden.weights;
      const small = shape.map((size) => size - 1);
      const data = new Float32Array(small.reduce((product, size) => product * size, 1));
      for (const weights of [others, { ...others, [name]: { shape: small, data } }]) {
        const said = (await messages(group, { ...golden, weights, passes: [], positions: 1 })).filter(
          (one) => one !== '',
        );
        expect(said.length, `${golden.name}: ${name}`).toBeGreaterThan(0);
        for (const message of said) expect(message).toContain(name);
      }
    }
  }
}
