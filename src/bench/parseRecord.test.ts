import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabError } from '../base/errors.ts';
import { readCsv, writeCsv } from './csv.ts';
import { toCsv, toJson } from './exportRecord.ts';
import { parseRecord } from './parseRecord.ts';
import type { BenchRecord, BenchResult } from './record.ts';
import { anyRecord } from './testing/arbitrary.ts';
import { resultOf } from './testing/resultOf.ts';

const [record] = fc.sample(
  anyRecord.filter(({ results }) => results.length > 1),
  { numRuns: 1, seed: 1 },
);
if (record === undefined) throw new Error('No record was made.');
const whole: BenchRecord = record;
const [first] = whole.results;
if (first === undefined) throw new Error('The record has no results.');

interface Json {
  readonly environment: object;
  readonly results: readonly object[];
}

const HEADS = { m: 1, past: 0, hidden: 8, heads: 2, kvHeads: 1, headDim: 4 };

/** The record as JSON, changed. */
function changed(change: (json: Json) => unknown): string {
  const json = JSON.parse(toJson(whole));
  return JSON.stringify(change(json) ?? json);
}

describe('files read back equal', () => {
  it('JSON', () => {
    fc.assert(
      fc.property(anyRecord, (one) => {
        expect(parseRecord(toJson(one))).toEqual([one]);
      }),
    );
  });

  it('CSV', () => {
    const notEmpty = anyRecord.filter(({ results }) => results.length > 0);
    fc.assert(
      fc.property(notEmpty, (one) => {
        expect(parseRecord(toCsv(one))).toEqual([one]);
      }),
    );
  });

  it('several at once: behind each other, in an array, and as CSV', () => {
    const different = fc
      .tuple(anyRecord, anyRecord)
      .filter((pair) => pair.every(({ results }) => results.length > 0))
      .filter(([a, b]) => a.environment.date !== b.environment.date);
    fc.assert(
      fc.property(different, (pair) => {
        expect(parseRecord(pair.map(toJson).join(''))).toEqual(pair);
        expect(parseRecord(`[${pair.map(toJson).join()}]`)).toEqual(pair);
        expect(parseRecord(pair.map(toCsv).join(''))).toEqual(pair);
      }),
    );
  });

  it('takes what was written before products told what the rounding of their weight does', () => {
    const plain = { ...whole, results: [resultOf()] };
    const lines = readCsv(toCsv(plain));
    const at = lines[0]?.indexOf('roundingMaxError') ?? -1;
    const older = writeCsv(lines.map((cells) => cells.toSpliced(at, 2)));
    expect(older).not.toContain('rounding');
    expect(parseRecord(older)).toEqual([plain]);
  });

  it('takes what another program wrote: a byte order mark, columns and fields of its own', () => {
    expect(parseRecord(`\uFEFF${toJson(whole)}`)).toEqual([whole]);
    const more = changed((json) => ({
      ...json,
      host: 'a',
      environment: { ...(json['environment'] as object), gpu: 1 },
    }));
    expect(parseRecord(more)).toEqual([whole]);
  });
});

it('takes a layer without tokens in its cache', () => {
  const none = { algBwGBs: 0, busBwGBs: 0 };
  const results = [{ ...first, ...none, op: 'attention' as const, shape: HEADS }];
  expect(parseRecord(toJson({ ...whole, results }))).toEqual([{ ...whole, results }]);
});

describe('however a file is made, it is read in one go', () => {
  const quotes = '\\"'.repeat(40_000);
  it.each<[what: string, text: string]>([
    ['quotes that are escaped outside of a text', quotes],
    ['and in a text that is not closed', `{"a":"${quotes}`],
    ['lines that are escaped', '"\\\n'.repeat(40_000)],
    ['a text behind each other', `"${quotes}"`.repeat(2)],
    ['brackets that nothing closes', '['.repeat(100_000)],
    ['brackets that close nothing', '}'.repeat(100_000)],
    ['records that are none', '{}'.repeat(40_000)],
    ['quotes in a table', `op,${'"",'.repeat(40_000)}`],
  ])('%s', (_, text) => {
    const before = performance.now();
    expect(() => parseRecord(text)).toThrow(LabError);
    expect(performance.now() - before).toBeLessThan(2000); // it was ten seconds
  });
});

it('shows the beginning of a value, however deep it is', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const inResult = changed((json) => ({ ...json, results: [{ ...json.results[0], ok: 'DEEP' }] }));
  for (const text of [
    deep,
    `{"schema":${deep}}`,
    `{"nccl_version":1,"args":[${deep}]}`,
    inResult.replace('"DEEP"', deep),
    `{"schema":"ringside-bench/1","environment":${deep},"results":[]}`,
  ]) {
    expect(() => parseRecord(text)).toThrow(LabError);
  }
});

it('takes every run that comes with the page', () => {
  const folder = new URL('../../public/runs/', import.meta.url);
  const files = readdirSync(folder);
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const records = parseRecord(readFileSync(new URL(file, folder), 'utf8'));
    expect(records.flatMap(({ results }) => results).length).toBeGreaterThan(0);
    expect(records.flatMap((one) => parseRecord(toJson(one)))).toEqual(records);
    expect(records.flatMap((one) => parseRecord(toCsv(one)))).toEqual(records);
  }
});

describe('what is wrong is told in one sentence', () => {
  const results = (patch: object) => (json: Json) => ({
    ...json,
    results: [json.results[0], { ...json.results[1], ...patch }],
  });
  /** A sound result of three samples, changed. */
  const sound = (patch: Partial<BenchResult>, text = '') => {
    const one = resultOf(
      { samplesMs: [1, 2, 4], p10Ms: 1.2, p90Ms: 3.6, algBwGBs: 2.048e-3, busBwGBs: 2.048e-3 },
      2,
    );
    const json = toJson({ ...whole, results: [one, { ...one, samplesMs: [1, 2, 4], ...patch }] });
    return text === '' ? json : json.replace(/"medianMs":2(?=[^{]*$)/, text);
  };
  const gemm: Partial<BenchResult> = { op: 'gemm', shape: { m: 5, k: 10, n: 20 }, algBwGBs: 0, busBwGBs: 0 };

  it.each<[text: string, problem: string]>([
    ['', 'The file is empty.'],
    ['hello', 'Nothing in this text is known here. Files of this page, '],
    ['[0] a program that nobody knows', 'Nothing in this text is known here. '],
    ['{"schema":', 'The file is neither JSON nor CSV of a benchmark: '],
    ['[1]', '1 is no benchmark record.'],
    ['{"a":1}', 'schema is missing, so this is no benchmark record.'],
    [
      changed((json) => ({ ...json, schema: 'ringside-bench/2' })),
      'schema is "ringside-bench/2". Only "ringside-bench/1" can be read.',
    ],
    [changed((json) => ({ ...json, results: {} })), 'results is {}. It must be a list.'],
    [
      changed(results({ worldSize: 'four' })),
      'results[1].worldSize is "four". It must be a whole number from 1 to 65,536.',
    ],
    [changed(results({ worldSize: 0 })), 'results[1].worldSize is 0. It must be a whole number from 1 to'],
    [changed(results({ worldSize: 2e6 })), 'results[1].worldSize is 2000000. It must be a whole number'],
    [
      changed(results({ op: 'block', shape: {} })),
      'results[1].shape.m is missing. Of block it must have m, past, hidden, heads, kvHeads, headDim, intermediate, each',
    ],
    [changed(results({ op: 'mlp', shape: { m: 0 } })), 'results[1].shape.m is 0. Of mlp it must have m, '],
    [
      changed(results({ op: 'row_linear', shape: { m: 4, k: 8, n: 8, blocks: 5 } })),
      'results[1].shape.blocks is 5. It must be from 2 to 64, and at most m, which is 4, or left out.',
    ],
    [
      changed(results({ op: 'attention', shape: { ...HEADS, heads: 3, kvHeads: 2 } })),
      'results[1].shape.heads is 3 and kvHeads 2. Key/value heads must divide the heads.',
    ],
    [changed(results({ op: undefined })), 'results[1].op is missing. It must be one of all_reduce, '],
    [
      changed(results({ backend: 'opencl' })),
      'results[1].backend is "opencl". It must be one of webgpu, cpu, ',
    ],
    [
      changed(results({ samplesMs: [1, '2'] })),
      'results[1].samplesMs is [1,"2"]. It must be a list of milliseconds.',
    ],
    [changed(results({ shape: { m: -1 } })), 'results[1].shape is {"m":-1}. It must be an object of sizes'],
    [changed(results({ ok: 1 })), 'results[1].ok is 1. It must be true or false.'],
    [`${toJson(whole)}${changed(results({ ok: 1 }))}`, 'record 2: results[1].ok is 1.'],
    ['op,backend\r\n', 'The column placement is missing.'],
    [toCsv(whole).replace(/,true,|,false,/, ',maybe,'), 'ok is "maybe". It must be true or false.'],
    [
      toCsv({ ...whole, results: [{ ...first, op: 'attention', shape: { ...HEADS, kvHeads: 3 } }] }),
      'row 2: shape.heads is 2 and kvHeads 3. Key/value heads must divide the heads.',
    ],
    [`${toCsv(whole)}cpu\r\n`, 'there are 1 cells, and 31 columns.'],
    [`${toCsv(whole)}"cpu`, 'A quote is opened in line '],
    [
      sound({ samplesMs: [1, 2, -4] }),
      'results[1].samplesMs is [1,2,-4]. It must be a list of milliseconds.',
    ],
    [sound({}, '"medianMs":-2'), 'results[1].medianMs is -2. It must be a number from 0 on, or null'],
    [
      sound({}, '"medianMs":1e999'),
      'results[1].medianMs is Infinity. It must be a number from 0 on, or null',
    ],
    [sound({ commMs: -1 }), 'results[1].commMs is -1. It must be a number from 0 on'],
    [sound({ maxAbsError: -1 }), 'results[1].maxAbsError is -1. It must be a number from 0 on'],
    [sound({ medianMs: 2.01 }), 'results[1].medianMs is 2.01, and the median of samplesMs is 2.'],
    [sound({ medianMs: Number.NaN }), 'results[1].medianMs is null, and the median of samplesMs is 2.'],
    [sound({ p10Ms: 1 }), 'results[1].p10Ms is 1, and the 10th percentile of samplesMs is 1.2.'],
    [sound({ p90Ms: 4 }), 'results[1].p90Ms is 4, and the 90th percentile of samplesMs is 3.6.'],
    [sound({ wrong: 3 }), 'results[1].ok is true, and wrong is 3. It must be false.'],
    [sound({ samplesMs: [] }), 'results[1].ok is true, and samplesMs is empty. It must be false.'],
    [sound({ samplesMs: [], ok: false }), 'results[1].medianMs is 2, and samplesMs is empty. It must be 0.'],
    [sound({ algBwGBs: 3 }), 'results[1].algBwGBs is 3, and bytes over medianMs make 0.002048.'],
    [
      sound({ busBwGBs: 3 }),
      'results[1].busBwGBs is 3, and algBwGBs makes 0.002048 of all_reduce on 2 ranks.',
    ],
    [sound({ ...gemm, gflops: 2 }), 'results[1].gflops is 2, and 2·m·k·n over medianMs make 0.001.'],
    [
      sound({ ...gemm, gflops: 1e-3, algBwGBs: 1 }),
      'results[1].algBwGBs is 1. Of gemm, which is no collective, it must be 0.',
    ],
    [sound({ gflops: 1 }), 'results[1].gflops is 1. Of all_reduce, which is a collective, it must be 0.'],
    [toCsv(whole).replace('op,backend', 'op,op,backend'), 'The column op is there twice.'],
    [
      toCsv({ ...whole, results: [resultOf()] }).replace(',,4096,', ',m=16=3,4096,'),
      'row 2: shape is {"m":"16=3"}.',
    ],
  ])('%#', (text, problem) => {
    expect(() => parseRecord(text)).toThrow(problem);
  });
});
