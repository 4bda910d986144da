import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCsv, toJson } from './exportRecord.ts';
import { parseRecord } from './parseRecord.ts';
import type { BenchRecord } from './record.ts';
import { anyRecord } from './testing/arbitrary.ts';

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
  const results = [{ ...first, op: 'attention' as const, shape: HEADS }];
  expect(parseRecord(toJson({ ...whole, results }))).toEqual([{ ...whole, results }]);
});

describe('what is wrong is told in one sentence', () => {
  const results = (patch: object) => (json: Json) => ({
    ...json,
    results: [json.results[0], { ...json.results[1], ...patch }],
  });

  it.each<[text: string, problem: string]>([
    ['', 'The file is empty.'],
    ['hello', 'The file is neither JSON nor CSV of a benchmark: '],
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
    [`${toCsv(whole)}cpu\r\n`, 'there are 1 cells, and 29 columns.'],
    [`${toCsv(whole)}"cpu`, 'A quote is opened in line '],
  ])('%#', (text, problem) => {
    expect(() => parseRecord(text)).toThrow(problem);
  });
});
