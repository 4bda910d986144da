// public/torch/benchmark.py for real: processes of PyTorch that talk through gloo, held against our own layers.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { specOfCase } from '../src/bench/cases.ts';
import { BENCH_MODELS } from '../src/bench/models.ts';
import { LAYERS, QUARTER_LLAMA } from '../src/bench/options.ts';
import { type BenchCase, type BenchRecord, type BenchResult, SCHEMA } from '../src/bench/record.ts';
import { bandwidths } from '../src/collectives/bandwidth.ts';
import { COLLECTIVES, type CollectiveOp } from '../src/collectives/kinds.ts';
import { median, quantile, relativeSpread, reliabilityOf } from '../src/numerics/statistics.ts';
import { costOf } from '../src/program/plan.ts';
import { planLayer } from '../src/program/planOf.ts';
import { seededWeights } from '../src/rank/programs/layer/numbers.ts';
import { skipWithout } from '../tests/setup/needs.ts';
import { type LayerCase, ours } from './torch/ours.ts';
import {
  type Output,
  PYTORCH,
  type Python,
  type Run,
  runRanks,
  SCRIPT,
  startPython,
  startRanks,
} from './torch/processes.ts';

const SEED = 7;
// 12 bytes are three elements: fewer than one for each of four ranks.
const SMALL = ['--model=tiny', '--tokens=6', '--past=3', '--shapes=5x33x7', '--sizes=12,4KiB'];
const WORLD_SIZES = [2, 4] as const;
/** An environment that would have it. */
const TF32 = { TORCH_ALLOW_TF32_CUBLAS_OVERRIDE: '1' };

const FIELDS: readonly (keyof BenchResult)[] = [
  ...([
    'op',
    'backend',
    'placement',
    'transport',
    'worldSize',
    'dtype',
    'shape',
    'bytes',
    'variant',
  ] as const),
  ...(['samplesMs', 'medianMs', 'p10Ms', 'p90Ms', 'gflops', 'algBwGBs', 'busBwGBs'] as const),
  ...(['computeMs', 'commMs', 'waitMs', 'maxAbsError', 'wrong', 'ok', 'note'] as const),
];

/** Times and rates that fit each other; or, where this gloo has no such collective, nothing but the reason. */
function expectMeasured(result: BenchResult): void {
  const { op, bytes, worldSize, samplesMs, medianMs, p10Ms, p90Ms, gflops, algBwGBs, busBwGBs } = result;
  if (!result.ok) {
    expect(result).toMatchObject({ op: 'reduce_scatter', samplesMs: [], medianMs: 0 });
    expect(result.note).toContain('does not support');
    return;
  }
  expect(samplesMs.length).toBeGreaterThanOrEqual(10);
  expect(medianMs).toBeCloseTo(median(samplesMs), 5);
  expect(p10Ms).toBeCloseTo(quantile(samplesMs, 0.1), 5);
  expect(p90Ms).toBeCloseTo(quantile(samplesMs, 0.9), 5);
  const reliability = reliabilityOf(relativeSpread(samplesMs));
  expect(result.note).toBe(reliability === 'steady' ? '' : reliability);
  expect(result.commMs).toBeGreaterThan(0);
  if (isLayer(result)) {
    expect(result).toMatchObject({ algBwGBs: 0, busBwGBs: 0 });
    expect(result.computeMs).toBeGreaterThan(0);
    expect(gflops * medianMs * 1e6).toBeCloseTo(flopsOf(result), 3);
  } else {
    const expected = bandwidths(op as CollectiveOp, worldSize, bytes, medianMs);
    expect(algBwGBs).toBeCloseTo(expected.algBwGBs, 9);
    expect(busBwGBs).toBeCloseTo(expected.busBwGBs, 9);
    expect(result).toMatchObject({ gflops: 0, computeMs: 0, shape: {}, maxAbsError: 0 });
  }
}

function isLayer<Case extends BenchCase>(one: Case): one is Case & LayerCase {
  return (LAYERS as readonly string[]).includes(one.op);
}

/** Of all ranks together, as our plans count them. */
function flopsOf({ op, shape, worldSize }: LayerCase): number {
  const { m: tokens = 0, k = 0, n = 0, past = 0 } = shape;
  if (op === 'column_linear' || op === 'row_linear') return 2 * tokens * k * n;
  const plan = planLayer(specOfCase(op, shape), worldSize, { tokens, past });
  return Array.from({ length: worldSize }, (_, rank) => costOf(plan, rank).flops).reduce((a, b) => a + b);
}

/** Of the largest element, or of 1. */
function largestError(values: Output['output'], expected: Float32Array): number {
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  return Math.max(...expected.map((value, i) => Math.abs(value - Number(values[i])))) / scale;
}

describe('benchmark.py with PyTorch and gloo', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringside-torch-'));
  const runs = new Map<number, Run>();
  let python: Python;

  beforeEach((context) => skipWithout(PYTORCH, context));

  beforeAll(async () => {
    if (!PYTORCH.here) return;
    python = await startPython(TF32);
    for (const worldSize of WORLD_SIZES) {
      runs.set(worldSize, await runRanks(worldSize, [...SMALL, '--budget=10ms', `--seed=${SEED}`], folder));
    }
  }, 240_000); // where cores are few and busy, PyTorch alone takes seconds to load

  afterAll(() => {
    python?.end();
    rmSync(folder, { recursive: true });
  });

  const runOf = (worldSize: number): Run => {
    const run = runs.get(worldSize);
    if (run === undefined) throw new Error(`${worldSize} ranks did not run`);
    return run;
  };

  test.each(WORLD_SIZES)('of %i processes only the first prints', (worldSize) => {
    const { printed } = runOf(worldSize);
    expect(printed[0]).toMatch(/busbw.*#wrong/);
    expect(printed.slice(1).join('')).toBe('');
  });

  test.each(WORLD_SIZES)('%i processes write a record in which nothing is wrong', (worldSize) => {
    const { record } = runOf(worldSize);
    expect(record.schema).toBe(SCHEMA);
    expect(record.environment).toEqual({
      userAgent: expect.stringMatching(/^PyTorch \d/),
      adapter: {},
      cores: expect.any(Number),
      crossOriginIsolated: null,
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/),
      commit: '',
    });
    expect(record.results.map(({ op }) => op)).toEqual([...COLLECTIVES.flatMap((op) => [op, op]), ...LAYERS]);
    const alike = { backend: 'torch-gloo', placement: 'process', transport: 'gloo', worldSize, dtype: 'f32' };
    for (const result of record.results) {
      expect(Object.keys(result).sort()).toEqual([...FIELDS].sort());
      expect(result).toMatchObject({ ...alike, variant: '', waitMs: 0, wrong: 0 });
      expectMeasured(result);
    }
  });

  test.each(WORLD_SIZES)('layers on %i processes give what ours give', async (worldSize) => {
    const { record, outputs } = runOf(worldSize);
    const layers = record.results.filter(isLayer);
    expect(outputs.map(({ op, shape }) => ({ op, shape }))).toEqual(
      layers.map(({ op, shape }) => ({ op, shape })),
    );
    for (const [i, layer] of layers.entries()) {
      const output = outputs[i]?.output ?? [];
      const expected = await ours(layer, SEED);
      expect(output, layer.op).toHaveLength(expected.length);
      expect(largestError(output, expected), layer.op).toBeLessThanOrEqual(1e-5);
    }
  });

  test('models are those of the page', async () => {
    const {
      tiny: _,
      'quarter-llama': quarter,
      ...known
    } = (await python.evaluate('result = MODELS')) as Record<string, object>;
    expect(quarter).toEqual(QUARTER_LLAMA);
    for (const [id, sizes] of Object.entries(known)) expect(sizes, id).toEqual(BENCH_MODELS.get(id));
  });

  test('seeded numbers are ours, bit for bit', async () => {
    const seed = 0xfedcba98;
    const [block, norm] = (await python.evaluate(`
weights = SeededWeights(Comm(0, 1, torch.device("cpu")), ${seed}, 48).within("mlp")
result = [weights.matrix("w", range(3, 40), range(5, 70)).flatten().tolist()]
result += [weights.vector("norm.weight", range(3, 40)).tolist()]`)) as [number[], number[]];
    const weights = seededWeights(seed, 48);
    const rows = { start: 3, end: 40 };
    expect(block).toEqual([...(await weights.block('mlp.w', rows, { start: 5, end: 70 }))]);
    expect(norm).toEqual([...(await weights.block('mlp.norm.weight', rows, null))]);
  });

  test('a wrong result is counted, and ends with 1', async () => {
    const [code, row] = (await python.evaluate(`
right = RowParallelLinear.forward
def without_bias(layer, x):
    return right(layer, x) - (layer.bias if layer.comm.dtype == torch.float32 else 0)

RowParallelLinear.forward = without_bias
sys.argv, sys.stdout = ["benchmark.py", "--backend=gloo", "--ops=row_linear", "--shapes=4x5x6", "--budget=10ms"], io.StringIO()
sys.argv += ["--out", ${JSON.stringify(join(folder, 'wrong.json'))}]
try:
    main()
except SystemExit as end:
    sys.stdout, code = sys.__stdout__, end.code
with open(sys.argv[-1]) as file:
    result = [code, json.load(file)["results"][0]]`)) as [number, BenchResult];
    expect(code).toBe(1);
    expect(row).toMatchObject({ op: 'row_linear', wrong: 24, ok: false, transport: 'none', bytes: 0 });
    expect(row.maxAbsError).toBeGreaterThan(0.01);
  });

  test('float32 is not multiplied as TF32, whatever the environment says', async () => {
    expect(await python.evaluate('result = torch.backends.cuda.matmul.allow_tf32')).toBe(false);
  });

  test('where one rank fails all end, and the first keeps the rows before', async () => {
    const out = join(folder, 'stopped.json');
    const source = `
import sys
sys.path.insert(0, ${JSON.stringify(dirname(SCRIPT))})
import benchmark

whole, passes = benchmark.ParallelMLP.forward, 0
def fails_once(layer, x):
    global passes
    passes += layer.down_proj.comm.world_size > 1
    if benchmark.RANK == 1 and passes == 5:
        raise RuntimeError("the second of two")
    return whole(layer, x)

benchmark.ParallelMLP.forward = fails_once
benchmark.main()`;
    const args = ['--backend=gloo', '--ops=row_linear,mlp,block', ...SMALL, '--budget=10ms', `--out=${out}`];
    const [first, second] = await startRanks(2, ['-B', '-c', source, ...args]);
    expect(second).toMatchObject({ code: 1, printed: 'rank 1 ends in mlp: the second of two\n' });
    expect(first?.code).toBe(1);
    expect(first?.printed).toMatch(/^rank 0 ends in mlp: .*[Cc]onnection/m);
    const { results } = JSON.parse(readFileSync(out, 'utf8')) as BenchRecord;
    expect(results).toMatchObject([{ op: 'row_linear', wrong: 0, ok: true }]);
  }, 90_000);
});
