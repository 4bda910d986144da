import { expect, it } from 'vitest';
import { LabError } from '#base/errors.ts';
import { toCsv, toJson, toMarkdown, toTable } from '#bench/exportRecord.ts';
import { parseRecord } from '#bench/parseRecord.ts';
import { type BenchRecord, type BenchResult, SCHEMA } from '#bench/record.ts';
import { resultOf } from '#bench/testing/resultOf.ts';
import { modelsOf, predictionOf } from '#lab/bench/predict.ts';
import { type Draw, faultsOf, mutateText, mutateValue } from '#numerics/testing/mutate.ts';
import { bandwidthSeries, ranksOf } from '../charts/bandwidth.ts';
import { roofSeries } from '../charts/roofline.ts';
import { gainsOf, layersIn, scalingSeries } from '../charts/scaling.ts';
import { rowsOf, suitesIn } from '../table/rows.ts';

const samplesMs = [2, 3, 1, 5];
const sum = resultOf({ samplesMs, note: 'one, "two"' }, 2.5);
const product = { gflops: 0.8, algBwGBs: 0, busBwGBs: 0 };
const block = { m: 4, past: 2, hidden: 8, heads: 2, kvHeads: 1, headDim: 4, intermediate: 16 };
const record: BenchRecord = {
  schema: SCHEMA,
  environment: {
    userAgent: 'Browser/1',
    adapter: { vendor: 'a', device: 'b' },
    cores: 4,
    crossOriginIsolated: true,
    date: '2026-01-02T03:04:05.000Z',
    commit: 'abc',
  },
  results: [
    sum,
    resultOf(
      { samplesMs, op: 'row_linear', shape: { m: 10, k: 100, n: 1000 }, ...product, computeMs: 1 },
      2.5,
    ),
    resultOf({ samplesMs, op: 'block', shape: block, ...product, wrong: 3, ok: false }, 2.5),
    {
      ...sum,
      worldSize: 4,
      samplesMs: [],
      medianMs: 0,
      p10Ms: 0,
      p90Ms: 0,
      algBwGBs: 0,
      busBwGBs: 0,
      ok: false,
    },
  ],
};
const place = { time: 40.5, alg_bw: 25.890765, bus_bw: 45.308839, nwrong: 0 };
const ncclRow = {
  size: 1_048_576,
  count: 262_144,
  type: 'float',
  redop: 'sum',
  root: -1,
  out_of_place: place,
  in_place: place,
  in_place_per_iter: { skipped_iterations: 1, times_us: [900, 40, 41, 42] },
  actual_iterations: 20,
};
const nccl = {
  version: 2,
  start_time: '2026-02-03 04:05:06',
  args: ['./build/all_reduce_perf', '-b', '1M'],
  nccl_version: 22_703,
  config: {
    nthreads: 1,
    ngpus: 4,
    devices: [
      { rank: 0, group: 0, device_info: 'H100' },
      { rank: 4, group: 0 },
    ],
  },
  results: [ncclRow, { ...ncclRow, in_place_per_iter: null }],
};

function damage(draw: Draw): string {
  const json = JSON.parse(toJson(record));
  switch (draw.below(8)) {
    case 0:
      return mutateText(toCsv(record), draw);
    case 1:
      return mutateText(draw.of([toJson(record), JSON.stringify(nccl)]), draw);
    case 2:
    case 3:
      return JSON.stringify(mutateValue(nccl, draw));
    case 4:
      return JSON.stringify(mutateValue(mutateValue(draw.of([json, nccl, [json, nccl]]), draw), draw));
    default:
      return JSON.stringify(mutateValue(json, draw)).replace(
        /:null/,
        draw.of([':null', ':1e999', ':-1e999', ':-0.5']),
      );
  }
}

/** What is wrong with what was taken: that it cannot be true, is not what the text says, or cannot be shown. */
function wronglyTaken(text: string): string[] {
  const records = parseRecord(text);
  const key = JSON.stringify(records.map(({ results }) => results));
  const own = judged.get(key) ?? wrongWith(records);
  judged.set(key, own);
  return [...strangers(text, records), ...own];
}

/** Damage to what is only shown makes results that were looked at before. */
const judged = new Map<string, readonly string[]>();

function wrongWith(records: readonly BenchRecord[]): string[] {
  const wrong = records.flatMap(({ results }) => results.flatMap(untruths));
  const again = [records.map(toJson).join(''), records.map(toCsv).join('')];
  const results = (of: readonly BenchRecord[]): string => JSON.stringify(of.flatMap((one) => one.results));
  for (const written of again) {
    if (results(records) !== '[]' && results(parseRecord(written)) !== results(records))
      wrong.push('it does not read back');
  }
  for (const one of records) show(one);
  return wrong;
}

/** By the definitions of the fields, in other words than the reader's. */
function untruths(one: BenchResult): string[] {
  const { op, backend, worldSize, bytes, shape, samplesMs: samples, ok, wrong } = one;
  const sorted = samples.toSorted((a, b) => a - b);
  const between = (share: number): number => {
    const at = share * (sorted.length - 1);
    const below = sorted[Math.floor(at)] ?? 0;
    return below + (at % 1) * ((sorted[Math.ceil(at)] ?? 0) - below);
  };
  const near = (told: number, due: number): boolean => Math.abs(told - due) <= 2e-6 * (1 + due);
  const seconds = one.medianMs / 1000;
  const moved: Record<string, number> = {
    all_reduce: (2 * (worldSize - 1)) / worldSize,
    broadcast: worldSize > 1 ? 1 : 0,
    reduce_scatter: (worldSize - 1) / worldSize,
    all_gather: (worldSize - 1) / worldSize,
    all_to_all: (worldSize - 1) / worldSize,
  };
  const factor = moved[op];
  const figures = [
    'medianMs',
    'p10Ms',
    'p90Ms',
    'gflops',
    'algBwGBs',
    'busBwGBs',
    'computeMs',
    'commMs',
    'waitMs',
    'maxAbsError',
  ] as const;
  const rated = backend !== 'nccl-tests' && one.medianMs > 0;
  const truths: [what: string, holds: boolean][] = [
    [
      'whole numbers',
      [worldSize, bytes, wrong, ...Object.values(shape)].every((n) => Number.isInteger(n) && n >= 0),
    ],
    ['ranks', worldSize >= 1 && worldSize <= 65_536],
    ['samples', samples.every((ms) => Number.isFinite(ms) && ms >= 0)],
    [
      'figures',
      figures.every(
        (name) => Number.isNaN(one[name]) || (one[name] >= 0 && one[name] < Number.POSITIVE_INFINITY),
      ),
    ],
    ['ok', !ok || (wrong === 0 && samples.length > 0)],
    ['median', samples.length > 0 ? near(one.medianMs, between(0.5)) : !(one.medianMs > 0)],
    ['p10', samples.length > 0 ? near(one.p10Ms, between(0.1)) : !(one.p10Ms > 0)],
    ['p90', samples.length > 0 ? near(one.p90Ms, between(0.9)) : !(one.p90Ms > 0)],
    [
      'bandwidth',
      !rated ||
        Number.isNaN(one.algBwGBs) ||
        near(one.algBwGBs, factor === undefined ? 0 : bytes / seconds / 1e9),
    ],
    [
      'bus',
      !rated || Number.isNaN(one.busBwGBs) || near(one.busBwGBs, ((factor ?? 0) * bytes) / seconds / 1e9),
    ],
    [
      'rate',
      !rated ||
        op !== 'row_linear' ||
        Number.isNaN(one.gflops) ||
        near(one.gflops, (2 * (shape['m'] ?? 0) * (shape['k'] ?? 0) * (shape['n'] ?? 0)) / seconds / 1e9),
    ],
  ];
  return truths.filter(([, holds]) => !holds).map(([what]) => `${what} of ${JSON.stringify(one)}`);
}

interface Foreign {
  readonly results: readonly Record<string, unknown>[];
}

/** What JSON says and the records do not: no row is lost, and no figure is another. */
function strangers(text: string, records: readonly BenchRecord[]): string[] {
  if (!/^\s*[[{]/.test(text)) return [];
  let json: Foreign | readonly Foreign[];
  try {
    json = JSON.parse(text);
  } catch {
    return []; // several behind each other
  }
  return [json].flat().flatMap((file, i) => {
    const own = records[i]?.results ?? [];
    const isNccl = !('schema' in file);
    const rows = isNccl
      ? file.results.filter(
          ({ type, redop, size }) => type === 'float' && (redop === 'sum' || redop === 'none') && size !== 0,
        )
      : file.results;
    if (rows.length !== own.length) return [`${rows.length} rows, and ${own.length} were read`];
    return rows.flatMap((row, at) => {
      const result = own[at];
      if (isNccl) {
        const body = (row['in_place'] ?? row['out_of_place']) as Record<string, unknown>;
        const same =
          row['size'] === result?.bytes &&
          (body['nwrong'] ?? 0) === result?.wrong &&
          body['alg_bw'] === result?.algBwGBs;
        return same ? [] : ['another row of nccl-tests'];
      }
      const keys = Object.keys(result ?? {});
      const read = JSON.parse(JSON.stringify(result ?? null));
      return keys.flatMap((key) =>
        JSON.stringify(read[key]) === JSON.stringify(row[key]) ? [] : [`another ${key}`],
      );
    });
  });
}

/** All that the page makes of a record: it throws where it cannot be shown. */
function show(one: BenchRecord): void {
  toTable(one);
  toMarkdown(one);
  const { results } = one;
  const run = { id: 'a', name: '', overlay: false, results };
  const models = modelsOf(results);
  for (const result of results) predictionOf(models, result);
  for (const suite of suitesIn(results)) rowsOf(results, suite);
  for (const ranks of ranksOf([run], 'all_reduce')) bandwidthSeries([run], 'all_reduce', ranks);
  for (const { key } of layersIn(results)) scalingSeries([run], key, 'efficiency');
  gainsOf(results);
  roofSeries([run]);
}

it('takes none of 10,000 damaged records wrongly, and breaks on none', () => {
  const { faults, taken } = faultsOf(
    10_000,
    damage,
    wronglyTaken,
    (thrown) => thrown instanceof LabError && thrown.code === 'input' && thrown.message.length < 500,
  );
  expect(faults).toEqual([]);
  expect(taken).toBeGreaterThan(500); // some damage does no harm, as in a note
}, 60_000);
