import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv, writeCsv } from './csv.ts';
import { toJson, toMarkdown, toTable } from './exportRecord.ts';
import { type BenchRecord, type BenchResult, SCHEMA } from './record.ts';
import { resultOf } from './testing/resultOf.ts';

const sum: BenchResult = {
  ...resultOf({}, 0.15),
  samplesMs: [0.1, 0.2],
  p10Ms: 0.11,
  p90Ms: 0.19,
  algBwGBs: 0.027306,
  busBwGBs: 0.027306,
  commMs: 0.1,
  waitMs: 0.05,
};
const product: BenchResult = {
  ...sum,
  op: 'gemm',
  transport: 'none',
  worldSize: 1,
  shape: { m: 16, k: 512, n: 2048 },
  bytes: 0,
  medianMs: 12_345.6,
  gflops: 1.234567,
  maxAbsError: 3.1e-6,
  wrong: 2,
  ok: false,
};
const failed: BenchResult = { ...sum, bytes: 64, samplesMs: [], ok: false, note: 'no memory | left\nat all' };
const record: BenchRecord = {
  schema: SCHEMA,
  environment: {
    userAgent: 'Browser/1',
    adapter: { vendor: 'google', architecture: 'swiftshader', device: '' },
    cores: 2,
    crossOriginIsolated: true,
    date: '2026-01-02T03:04:05.000Z',
    commit: 'abc1234',
  },
  results: [sum, failed, product],
};

describe('JSON', () => {
  it('has one order of fields, a result a line and numbers in full', () => {
    const text = toJson(record);
    const reversed = Object.fromEntries(Object.entries(sum).reverse()) as unknown as BenchResult;
    expect(toJson({ ...record, results: [reversed, failed, product] })).toBe(text);
    expect(text.split('\n')).toHaveLength(10);
    expect(
      JSON.parse(toJson({ ...record, results: [{ ...sum, medianMs: 0.1 + 0.2 }] })).results[0].medianMs,
    ).toBe(0.1 + 0.2);
  });
});

describe('the table', () => {
  it('is one of nccl-tests for collectives and one for the rest, without columns that say nothing', () => {
    expect(toTable(record)).toBe(`# Browser/1
# GPU: google, swiftshader
# 2 cores
# 2026-01-02T03:04:05.000Z, commit abc1234
#
# size       count  type   op          ranks  backend  transport            time    algbw    busbw  #wrong  note
#  (B)  (elements)                                                          (us)   (GB/s)   (GB/s)
  4096        1024  float  all_reduce      2  cpu      shared-memory-auto  150.0  0.02731  0.02731       0
    64          16  float  all_reduce      2  cpu      shared-memory-auto    n/a      n/a      n/a     n/a  no memory | left at all
#
# op    shape              ranks  backend  transport  median     p10     p90       rate  compute    comm     wait  max |Δ|  #wrong
#                                                       (ms)    (ms)    (ms)  (GFLOP/s)     (ms)    (ms)     (ms)
  gemm  m=16 k=512 n=2048      1  cpu      none        12346  0.1100  0.1900      1.235        0  0.1000  0.05000   3.1e-6       2
#
# Wrong values : 2 FAILED
# Cases not run: 1 FAILED
`);
  });

  it('tells what the rounding of a weight does, where one is stored in fewer bits', () => {
    const rounded = { ...product, dtype: 'q8', variant: 'tiles-64' } as const;
    const results = [product, { ...rounded, roundingMaxError: 0.51, roundingRmsError: 0.0042 }];
    const [heads, , plain, narrow] = toMarkdown({ ...record, results })
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(heads).toContain('| max \\|Δ\\| | rounding max \\|Δ\\| | rounding RMS |');
    expect(plain).toContain('| 3.1e-6 |  |  |');
    expect(narrow).toContain('| tiles-64 q8 |');
    expect(narrow).toContain('| 3.1e-6 | 5.1e-1 | 4.2e-3 |');
  });

  it('is Markdown, with bars in cells kept from ending them', () => {
    const lines = toMarkdown(record).split('\n');
    const rows = lines.filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(7);
    expect(rows[3]).toContain('| no memory \\| left at all |');
    expect(rows[1]).toMatch(/^\| --: \| --: \| :-- \|/);
    expect(lines[0]).toBe('Browser/1  ');
  });
});

describe('CSV', () => {
  it('reads back equal, whatever is in a cell', () => {
    const cell = fc.oneof(fc.string(), fc.stringMatching(/^[a,"\r\n]*$/));
    const row = fc.array(cell, { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        expect(readCsv(writeCsv(rows))).toEqual(rows);
      }),
    );
  });

  it.each<[text: string, rows: string[][]]>([
    [
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,b\r\n\r\nc,\r\n',
      [
        ['a', 'b'],
        ['c', ''],
      ],
    ],
    ['a,', [['a', '']]],
    ['"a""b",""\r', [['a"b', '']]],
  ])('reads %j', (text, rows) => {
    expect(readCsv(text)).toEqual(rows);
  });

  it('refuses what is quoted badly', () => {
    expect(() => readCsv('a\n"b')).toThrow('A quote is opened in line 2 and not closed.');
    expect(() => readCsv('"a"b')).toThrow('“b” follows a closed quote in line 1.');
  });
});
