// The texts in PyTorch that the pages show, run by PyTorch: what each layer gives is what tests/golden has of it.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { Recorder } from '../../src/base/trace.ts';
import { createCpuDevice } from '../../src/device/cpu/device.ts';
import { worstDifference } from '../../src/device/testing/underTest.ts';
import { rangeOf } from '../../src/program/cuts.ts';
import { isSequenceParallel, LAYER_NAMES, type LayerSpec, layerProgram } from '../../src/program/layers.ts';
import { programBuilder } from '../../src/program/ProgramBuilder.ts';
import type { Value } from '../../src/program/program.ts';
import type { Split } from '../../src/program/split.ts';
import { planSplit } from '../../src/program/splitPlan.ts';
import { textOf } from '../../src/program/torch/line.ts';
import { classOf, openingLines, torchScript } from '../../src/program/torch/script.ts';
import { torchModule } from '../../src/program/torch/torchText.ts';
import { codeOf, sourceOf } from '../../src/ui/pages/split/code/code.ts';
import { casesOf, type GoldenCase } from '../../tests/browser/golden.ts';
import { skipWithout } from '../../tests/setup/needs.ts';
import { PYTHON, PYTORCH } from './processes.ts';

/** On data of unit scale. */
const TOLERANCE = 1e-5;
const DRIVER = fileURLToPath(new URL('./texts.py', import.meta.url));

/** What a rank answered: a traceback where it failed, else the output of each pass of each case. */
interface Answer {
  readonly error: string | null;
  readonly outputs: readonly (readonly string[])[];
}

type LayerGolden = GoldenCase & { readonly spec: LayerSpec };

const golden = LAYER_NAMES.flatMap((layer) => {
  const file = readFileSync(new URL(`../../tests/golden/${layer}.safetensors`, import.meta.url));
  return casesOf(new Uint8Array(file).buffer) as LayerGolden[];
});

/** Each layer as it is, and those with a row split of their own in blocks of rows. */
const cases = golden.flatMap((one): LayerGolden[] => {
  const { name, spec } = one;
  if (spec.layer !== 'linear-pair' && spec.layer !== 'mlp') return [one];
  const inBlocks = { ...spec, config: { ...spec.config, blocks: 3 } } as LayerSpec;
  return [one, { ...one, name: `${name}, in blocks`, spec: inBlocks }];
});

const folder = mkdtempSync(join(tmpdir(), 'ringside-texts-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach((context) => skipWithout(PYTORCH, context));

/** @returns what each rank of each job answered */
function run(...jobs: readonly object[]): Answer[][] {
  const ended = spawnSync(PYTHON, ['-B', DRIVER], {
    input: JSON.stringify({ jobs, folder }),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  if (ended.status !== 0) throw new Error(ended.stderr);
  return JSON.parse(ended.stdout);
}

/** A case as the driver takes it. */
function asked({ name, spec, passes, ids, x, weights }: LayerGolden, worldSize: number) {
  const positions = passes.reduce((a, b) => a + b);
  let past = 0;
  const all = passes.map((tokens) => {
    const program = layerProgram(spec, worldSize, { tokens, positions });
    const name = classOf(spec);
    const lines = [...openingLines(worldSize, name), ...torchModule(program, name)];
    const from = past;
    past += tokens;
    const given = (value: Value, rank: number) => {
      if (value.id !== 'x') return { ids: ids.slice(from, from + tokens) };
      const [, width = 0] = value.shapes[rank] ?? [];
      const { start, end } = value.cut === null ? { start: 0, end: tokens } : rangeOf(value.cut, rank);
      return encoded([end - start, width], x.slice((from + start) * width, (from + end) * width));
    };
    const inputs = Array.from({ length: worldSize }, (_, rank) =>
      program.inputs.map((value) => given(value, rank)),
    );
    return { tokens, class: name, source: lines.map(textOf).join('\n'), inputs };
  });
  const whole = Object.entries(weights).map(([key, { shape, data }]) => [key, encoded(shape, data)] as const);
  return { name, weights: Object.fromEntries(whole), passes: all };
}

function encoded(shape: readonly number[], { buffer, byteOffset, byteLength }: Float32Array) {
  return { shape, data: Buffer.from(buffer, byteOffset, byteLength).toString('base64') };
}

function decoded(text: string): number[] {
  const bytes = Buffer.from(text, 'base64');
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}

/** The rows of all passes, without the columns of ids that are none. */
function outputOf({ spec, passes }: LayerGolden, number: number, ranks: readonly Answer[]): number[] {
  return passes.flatMap((tokens, pass) => {
    const parts = ranks.map(({ outputs }) => decoded(outputs[number]?.[pass] ?? ''));
    if (isSequenceParallel(spec)) return parts.flat();
    const [y = []] = parts;
    for (const other of parts) expect(other).toEqual(y);
    if (spec.layer !== 'head') return y;
    const width = y.length / tokens;
    return y.filter((_, i) => i % width < spec.config.vocab);
  });
}

test.each([1, 2, 3])(
  'on %i ranks every layer’s text gives PyTorch’s own output',
  (worldSize) => {
    const [ranks = []] = run({ worldSize, cases: cases.map((one) => asked(one, worldSize)) });
    for (const { error } of ranks) expect(error).toBeNull();
    for (const [number, golden] of cases.entries()) {
      const worst = worstDifference(outputOf(golden, number, ranks), golden.y);
      expect(worst / golden.scale, golden.name).toBeLessThanOrEqual(TOLERANCE);
    }
  },
  120_000,
);

test('what no layer is made of gives what a device gives', async () => {
  const b = programBuilder(1, 2);
  b.stage('ends');
  const x = b.input('x', [2, 5]);
  const program = b.finish(b.topK('y', b.softmax('probabilities', x), 3));
  const source = [...openingLines(1, 'ends'), ...torchModule(program, 'Ends')].map(textOf).join('\n');
  const data = Float32Array.of(1, 3, -2, 0.5, 2, -1, 0, 4, 3.5, 1);
  const passes = [{ tokens: 2, class: 'Ends', source, inputs: [[encoded([2, 5], data)]] }];
  const [[answer] = []] = run({ worldSize: 1, cases: [{ name: 'ends', weights: {}, passes }] });
  expect(answer?.error).toBeNull();

  const device = createCpuDevice({ recorder: new Recorder(0) });
  const expected = await device.read(device.topK(device.softmax(device.tensor(data, [2, 5])), 3));
  const found = decoded(answer?.outputs[0]?.[0] ?? '');
  expect(worstDifference(found, expected)).toBeLessThanOrEqual(TOLERANCE);
});

test('the whole files run, and the check of the Split page’s finds the bug', () => {
  const samples = new Map(cases.map((one) => [one.spec.layer, one.spec]));
  const layers = [...samples.values()].map((spec) => ({
    worldSize: 2,
    source: torchScript(spec, 2, { tokens: 3, past: 2 }).map(textOf).join('\n'),
  }));
  const split = (split: Split, more: { gatherOutput?: boolean; biasOnEveryRank?: boolean } = {}) => {
    const sizes = { worldSize: 2, m: 5, k: 7, n: 9, bias: true };
    const config = { split, ...sizes, biasOnEveryRank: false, gatherOutput: true, ...more };
    return { worldSize: 2, source: sourceOf(codeOf(planSplit(config))) };
  };
  const right = [
    ...(['none', 'column', 'row', 'pair'] as const).map((one) => split(one)),
    split('column', { gatherOutput: false }),
  ];
  const wrong = (['row', 'pair'] as const).map((one) => split(one, { biasOnEveryRank: true }));
  const answers = run(...layers, ...right, ...wrong).map((ranks) => ranks.map(({ error }) => error));
  const sound = layers.length + right.length;
  for (const errors of answers.slice(0, sound)) expect(errors).toEqual([null, null]);
  for (const errors of answers.slice(sound))
    for (const error of errors) expect(error).toContain('Tensor-likes are not close');
}, 120_000);
