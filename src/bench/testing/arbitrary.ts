/** Records and options of every kind, for property tests. */

import fc from 'fast-check';
import { bandwidths } from '../../collectives/bandwidth.ts';
import { COLLECTIVES } from '../../collectives/kinds.ts';
import { median, quantile } from '../../numerics/statistics.ts';
import { linearFlops } from '../../operations/costs.ts';
import { ELEMENT_TYPES } from '../elementTypes.ts';
import { BACKENDS, PLACES, TRANSPORTS } from '../fields.ts';
import {
  ALGORITHMS,
  type BenchOptions,
  DEVICES,
  OPS,
  PLACEMENTS,
  problemWithOptions,
  SUITES,
  VARIANTS,
  WEIGHT_TYPES,
} from '../options.ts';
import { type BenchRecord, type BenchResult, SCHEMA } from '../record.ts';

/** What files hold: a finite number from 0 that is not −0, which JSON writes as 0. */
const time = fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }).map((value) => value + 0);
const figure = fc.oneof({ weight: 9, arbitrary: time }, { weight: 1, arbitrary: fc.constant(Number.NaN) });
/** With all that CSV has to quote. */
const text = fc.oneof(fc.string(), fc.stringMatching(/^[a,"\n\r; |]*$/));

const count = fc.integer({ min: 1, max: 2 ** 20 });
/** With every size that an operation can have, and some of others. */
const shape = fc
  .record({
    m: count,
    past: fc.nat(4096),
    k: count,
    n: count,
    hidden: count,
    intermediate: count,
    vocab: count,
    kvHeads: count,
    headDim: count,
    group: fc.integer({ min: 1, max: 16 }),
  })
  .map(({ group, ...sizes }) => ({ ...sizes, heads: group * sizes.kvHeads }));
const more = fc.dictionary(fc.stringMatching(/^[a-zA-Z]{1,9}$/), fc.nat(), { noNullPrototype: true });

const anyResult: fc.Arbitrary<BenchResult> = fc.record({
  op: fc.constantFrom(...OPS),
  backend: fc.constantFrom(...BACKENDS),
  placement: fc.constantFrom(...PLACES),
  transport: fc.constantFrom(...TRANSPORTS),
  worldSize: fc.integer({ min: 1, max: 4096 }),
  dtype: fc.constantFrom(...ELEMENT_TYPES),
  shape: fc.tuple(more, shape).map(([others, sizes]) => ({ ...others, ...sizes })),
  bytes: fc.maxSafeNat(),
  variant: text,
  samplesMs: fc.array(time),
  medianMs: figure,
  p10Ms: figure,
  p90Ms: figure,
  gflops: figure,
  algBwGBs: figure,
  busBwGBs: figure,
  computeMs: figure,
  commMs: figure,
  waitMs: figure,
  maxAbsError: figure,
  roundingMaxError: fc.option(time, { nil: undefined }),
  roundingRmsError: fc.option(time, { nil: undefined }),
  wrong: fc.nat(),
  ok: fc.boolean(),
  note: text,
});

/** With the figures that follow from others. */
const result = anyResult.map((one): BenchResult => {
  const { op, worldSize, shape, bytes, samplesMs, backend, ok, gflops } = one;
  const none = { medianMs: 0, p10Ms: 0, p90Ms: 0, gflops: 0, algBwGBs: 0, busBwGBs: 0 };
  if (samplesMs.length === 0) return { ...one, ...none, wrong: 0, ok: false };
  const medianMs = median(samplesMs);
  const times = { medianMs, p10Ms: quantile(samplesMs, 0.1), p90Ms: quantile(samplesMs, 0.9) };
  const collective = COLLECTIVES.find((known) => known === op);
  const { m = 0, k = 0, n = 0 } = shape;
  const product = op === 'gemm' || op === 'column_linear' || op === 'row_linear';
  const rates =
    collective === undefined
      ? { ...none, gflops: product ? linearFlops(m, k, n) / medianMs / 1e6 : gflops }
      : backend === 'nccl-tests' || backend === 'rccl-tests'
        ? { ...one, gflops: 0 }
        : { ...none, ...bandwidths(collective, worldSize, bytes, medianMs) };
  const [algBwGBs, busBwGBs] = [orNone(rates.algBwGBs), orNone(rates.busBwGBs)];
  const wrong = ok ? 0 : one.wrong;
  return { ...one, ...times, gflops: orNone(rates.gflops), algBwGBs, busBwGBs, wrong };
});

/** A rate over no time, which files write as null. */
function orNone(rate: number): number {
  return Number.isFinite(rate) ? rate : Number.NaN;
}

export const anyRecord: fc.Arbitrary<BenchRecord> = fc.record({
  schema: fc.constant(SCHEMA),
  environment: fc.record({
    userAgent: text,
    adapter: fc.dictionary(fc.stringMatching(/^[a-zA-Z]{1,9}$/), text, { noNullPrototype: true }),
    cores: fc.nat(256),
    crossOriginIsolated: fc.option(fc.boolean()),
    date: text,
    commit: text,
  }),
  results: fc.array(result, { maxLength: 4 }),
});

const some = <T>(all: readonly T[]): fc.Arbitrary<T[]> => fc.shuffledSubarray([...all], { minLength: 1 });
const size = fc.integer({ min: 1, max: 2 ** 16 }).map((elements) => 4 * elements);
const range = fc
  .record({ first: size, factor: fc.integer({ min: 2, max: 5 }), count: fc.integer({ min: 1, max: 6 }) })
  .map(({ first, factor, count }) => Array.from({ length: count }, (_, i) => first * factor ** i));
const side = fc.integer({ min: 1, max: 512 });

/** Such as can be run. */
export const anyOptions: fc.Arbitrary<BenchOptions> = fc
  .record({
    suites: some(SUITES),
    ops: fc.shuffledSubarray([...OPS]),
    ranks: some([1, 2, 3, 4, 5, 6, 7, 8]),
    devices: some(DEVICES),
    placements: some(PLACEMENTS),
    algorithms: some(ALGORITHMS),
    sizes: fc.oneof(fc.uniqueArray(size, { minLength: 1, maxLength: 6 }), range),
    shapes: fc.array(fc.record({ m: side, k: side, n: side }), { minLength: 1, maxLength: 3 }),
    model: fc
      .record({
        hidden: side,
        intermediate: side,
        kvHeads: fc.integer({ min: 1, max: 4 }),
        group: fc.integer({ min: 1, max: 4 }),
        half: fc.integer({ min: 1, max: 16 }),
        vocab: side,
      })
      .map(({ group, half, ...rest }) => ({ ...rest, heads: group * rest.kvHeads, headDim: 2 * half })),
    passes: fc.array(fc.record({ m: fc.integer({ min: 1, max: 64 }), past: fc.nat(256) }), {
      minLength: 1,
      maxLength: 3,
    }),
    blocks: some([1, 2, 3, 4, 8]),
    checkpoints: some(['stories', 'https://models.example/one', 'models/two/']),
    variants: some(VARIANTS),
    weights: some(WEIGHT_TYPES),
    budgetMs: fc.oneof(
      fc.integer({ min: 10, max: 60_000 }),
      fc.double({ min: 10, max: 60_000, noNaN: true }),
    ),
    seed: fc.integer({ min: 0, max: 0xffff_ffff }),
  })
  .filter((options) => problemWithOptions(options) === null);
